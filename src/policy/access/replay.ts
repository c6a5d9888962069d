import type { DecisionRequest } from '../../core/decision.ts';
import type { Policy } from '../policy.ts';

/** A decision that the audit tells of. */
export interface PastDecision extends DecisionRequest {
  /** ISO 8601 */
  readonly at: string;
  readonly line: string;
  readonly person: string | undefined;
}

/** A past decision that the newer policy answers otherwise than the older one. */
export interface Changed {
  readonly at: string;
  readonly line: string;
  readonly who: string;
  readonly where: string;
  /** Whether it is allowed now. */
  readonly now: boolean;
}

/** Past decisions put to both policies. */
export interface Replay {
  readonly decisions: number;
  readonly changed: readonly Changed[];
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a line of the audit tells of a decision about running a command; undefined for everything else. */
export const pastDecision = (
  kind: string,
  at: number,
  told: Readonly<Record<string, unknown>>,
): PastDecision | undefined => {
  const { account, channel, command, input, line, person, purpose } = told;
  if (kind !== 'decision' || purpose !== 'run' || !isMap(input)) return undefined;
  if (![account, channel, command, line].every((text) => typeof text === 'string')) return undefined;
  return {
    at: new Date(at).toISOString(),
    caller: String(account),
    channel: String(channel),
    command: String(command),
    input: input as DecisionRequest['input'],
    line: String(line),
    person: typeof person === 'string' ? person : undefined,
  };
};

const isAllowed = (policy: Policy, request: DecisionRequest): boolean =>
  policy.commands.some(({ name }) => name === request.command) && policy.decide(request).allowed;

/** Puts past decisions to both policies, as they are now. */
export const replay = async (
  past: AsyncIterable<PastDecision> | Iterable<PastDecision>,
  before: Policy,
  after: Policy,
): Promise<Replay> => {
  const changed: Changed[] = [];
  let decisions = 0;
  for await (const one of past) {
    decisions++;
    const now = isAllowed(after, one);
    if (isAllowed(before, one) === now) continue;
    changed.push({ at: one.at, line: one.line, who: one.person ?? one.caller, where: one.channel, now });
  }
  return { decisions, changed };
};
