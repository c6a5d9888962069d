import type { BuiltInCall, PolicyInForce } from '../../src/core/built-in.ts';
import { readCommandLine } from '../../src/core/command-line.ts';
import type { Reply } from '../../src/core/reply.ts';

const noPolicy: PolicyInForce = {
  revision: 'abc123',
  commands: [],
  decide: () => {
    throw new Error('deciding in a test of a built-in command: it decides by its own parts');
  },
  rolesOf: () => [],
  personOf: () => undefined,
  offered: () => [],
};

/** A built-in command as it is called when this is typed after `/chatops`, by Ana in #ops-prod unless said otherwise. */
export const builtInCall = (
  names: readonly string[],
  typed: string,
  by: { readonly account?: string; readonly channel?: string } = {},
): BuiltInCall => {
  const read = readCommandLine({ commands: [], builtIns: names, offered: () => [] }, typed);
  if (read.kind !== 'built-in') throw new Error(`${typed} is no built-in command but ${read.kind}`);
  const account = by.account ?? 'slack:T1/UANA';
  return {
    caller: { account, name: account.replace(/^.*U/, ''), person: undefined, roles: [] },
    channel: { id: by.channel ?? 'slack:T1/COPS', name: 'ops-prod' },
    rest: read.rest,
    tokens: read.tokens,
    policy: noPolicy,
    now: 0,
  };
};

/** The words of a reply, one line each. */
export const linesOfReply = ({ title, parts }: Reply): readonly string[] =>
  [title, ...parts.flatMap((part) => (part.part === 'lines' ? part.lines : []))].map((line) =>
    line
      .map((span) => ('text' in span ? span.text : 'moment' in span ? `@${span.moment}` : span.name))
      .join(''),
  );
