import type { Command } from './command.ts';
import type { Decision } from './decision.ts';
import type { Input } from './input.ts';
import type { Caller, Invocation } from './invocation.ts';
import type { Run } from './run.ts';

/** All that an accepted command is made from. */
export interface Accepted {
  readonly id: string;
  readonly invocation: Invocation;
  readonly caller: Caller;
  readonly command: Command;
  readonly input: Input;
  readonly line: string;
  readonly decision: Extract<Decision, { allowed: true }>;
  readonly now: number;
}

/** Chat knows nothing yet. */
const nothingTold: Run['told'] = { digest: '', failures: 0, finalFailures: 0 };

/** The run of an accepted command, as it is first saved. */
export const newRun = ({ id, invocation, caller, command, input, line, decision, now }: Accepted): Run => ({
  id,
  version: 0,
  state: 'queued',
  command: command.name,
  mode: command.mode,
  target: command.pipeline ?? null,
  input,
  line,
  caller: { account: caller.account, name: caller.name, person: caller.person },
  channel: invocation.channel,
  audience: command.audience,
  rule: decision.rule,
  revision: decision.revision,
  createdAt: now,
  changedAt: now,
  startBy: now + command.limits.startWithinMs,
  waitUntil: now + command.limits.waitAtMostMs,
  dueAt: now,
  lease: null,
  intent: null,
  pipeline: null,
  canceledBy: null,
  goneAt: null,
  outcome: null,
  replyTo: invocation.replyTo,
  told: nothingTold,
});
