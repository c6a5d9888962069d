import type { AcceptedRun, AuditEntry } from './audit-entry.ts';
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

/** What is the same for every run that nobody has worked yet. */
const untouched = {
  version: 0,
  generation: '',
  state: 'queued',
  lease: null,
  intent: null,
  pipeline: null,
  canceledBy: null,
  goneAt: null,
  outcome: null,
  told: nothingTold,
  recorded: { state: 'queued', pipeline: false },
} as const;

/** The run of an accepted command, as it is first saved. */
export const newRun = ({ id, invocation, caller, command, input, line, decision, now }: Accepted): Run => ({
  ...untouched,
  id,
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
  replyTo: invocation.replyTo,
});

/** What of a new run goes on record beside its decision. */
export const acceptedRun = (run: Run, sentAt: number): AcceptedRun => {
  const { mode, target, audience, replyTo, createdAt, startBy, waitUntil } = run;
  const names = { callerName: run.caller.name, channelName: run.channel.name };
  return { mode, target, audience, replyTo, createdAt, startBy, waitUntil, ...names, sentAt };
};

/** The decision that made a run, as it is on record. */
export type AllowEntry = Extract<AuditEntry, { kind: 'decision' }>;

/** The run as it was first saved, from the record of its decision; undefined when that made no run. */
export const runFromRecord = (entry: AllowEntry): Run | undefined => {
  const { run: id, accepted, rule, command, input, line, revision, account, person } = entry;
  if (id === null || accepted === undefined || rule === null) return undefined;
  const { callerName, channelName, sentAt: _, ...kept } = accepted;
  return {
    ...untouched,
    ...kept,
    id,
    command,
    input,
    line,
    rule,
    revision,
    caller: { account, name: callerName, person: person ?? undefined },
    channel: { id: entry.channel, name: channelName },
    changedAt: kept.createdAt,
    dueAt: kept.createdAt,
  };
};
