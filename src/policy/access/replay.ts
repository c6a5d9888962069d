import type { Command } from '../../core/command.ts';
import type { DecisionRequest } from '../../core/decision.ts';
import type { Input } from '../../core/input.ts';
import { isAccount } from '../ids.ts';
import type { Policy } from '../policy.ts';
import { takes } from './region.ts';

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

const isInput = (value: unknown): value is Input =>
  isMap(value) && Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one));

/** What a line of the audit tells of a decision about running a command; undefined for everything else. */
export const pastDecision = (
  kind: string,
  at: number,
  told: Readonly<Record<string, unknown>>,
): PastDecision | undefined => {
  const { account, channel, command, input, line, person, purpose } = told;
  if (kind !== 'decision' || purpose !== 'run' || !isInput(input)) return undefined;
  if (![account, channel, command, line].every((text) => typeof text === 'string')) return undefined;
  if (!isAccount(String(account)) || !isAccount(String(channel))) return undefined;
  return {
    at: new Date(at).toISOString(),
    caller: String(account),
    channel: String(channel),
    command: String(command),
    input,
    line: String(line),
    person: typeof person === 'string' ? person : undefined,
  };
};

/** The input as the command takes it now, with its defaults; undefined when it does not. */
const takenNow = ({ inputs }: Command, input: Input): Input | undefined => {
  const names = inputs.map(({ name }) => name);
  if (Object.keys(input).some((name) => !names.includes(name))) return undefined;
  const values = inputs.map((spec) => {
    const given = Object.hasOwn(input, spec.name) ? input[spec.name] : undefined;
    return { spec, value: given ?? spec.default };
  });
  if (!values.every(({ spec, value }) => takes(spec, value))) return undefined;
  return Object.fromEntries(
    values.flatMap(({ spec, value }) => (value === undefined ? [] : [[spec.name, value]])),
  );
};

const isAllowed = (policy: Policy, request: DecisionRequest): boolean => {
  const command = policy.commands.find(({ name }) => name === request.command);
  const input = command && takenNow(command, request.input);
  return input !== undefined && policy.decide({ ...request, input }).allowed;
};

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
