import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDirect, type DirectParts } from '../commands/direct.ts';
import type { AuditEntry, AuditLine } from '../core/audit-entry.ts';
import type { PolicyInForce } from '../core/built-in.ts';
import { canonicalText } from '../core/canonical.ts';
import type { Command } from '../core/command.ts';
import type { ReplySender } from '../core/reply.ts';
import type { Run } from '../core/run.ts';
import type { Log } from '../http/log.ts';
import { createLink } from '../modes/link.ts';
import { createWait } from '../modes/wait.ts';
import { createSweeper } from '../queue/sweeper.ts';
import { createRestore } from '../restore.ts';
import { createWorker, type WorkParts } from '../work.ts';
import { digestOf } from './digest.ts';
import type { wireGitLab } from './gitlab.ts';
import { wireStore } from './store.ts';
import { type Surroundings, watched } from './surroundings.ts';

/** What keeping and working runs needs. */
export interface RunsWiring extends Pick<WorkParts, 'onState' | 'onReply'> {
  readonly now: () => number;
  readonly redisUrl: string | undefined;
  readonly log: Log;
  readonly surroundings: Surroundings;
  readonly record: (entry: AuditEntry) => Promise<void>;
  readonly note: (entry: AuditEntry) => Promise<void>;
  readonly readBack: (since: number) => Promise<readonly AuditLine[]>;
  readonly policy: () => PolicyInForce;
  readonly gitlab: Pick<ReturnType<typeof wireGitLab>, 'starting' | 'following'>;
  readonly effectOf: DirectParts['effectOf'];
  readonly sender: (app: string) => ReplySender | undefined;
  readonly onRestored?: () => void;
  readonly onGeneration?: () => void;
}

/** A direct command does its effect with something around it. */
const effects =
  ({ surroundings, effectOf }: RunsWiring): DirectParts['effectOf'] =>
  (command) => {
    const effect = effectOf(command);
    return effect && { ...effect, do: watched(surroundings.around, 'effect.do', effect.do) };
  };

const senders = ({ surroundings, sender }: RunsWiring): WorkParts['sender'] => {
  const { around } = surroundings;
  return (app) => {
    const found = sender(app);
    return found && { send: watched(around, 'chat.send', found.send) };
  };
};

/** One key for the same caller's same command with the same input; none when doing it twice leaves the world as doing it once. */
const alikeKeys =
  ({ effectOf }: RunsWiring, command: (name: string) => Command | undefined) =>
  (run: Run): string | undefined => {
    const declared = command(run.command);
    if (declared !== undefined && effectOf(declared)?.repeatable === true) return undefined;
    return digestOf(`${run.caller.account}|${canonicalText(run.command, run.input)}`);
  };

/** Where runs are kept, who wakes and works them, and what stores them again when they were forgotten. */
export const wireRuns = (wiring: RunsWiring) => {
  const { now, log, surroundings, record, note, policy, gitlab } = wiring;
  const { times } = surroundings;
  const command = (name: string) => policy().commands.find((known) => known.name === name);
  const alikeKey = alikeKeys(wiring, command);
  const stored = wireStore({
    ...wiring,
    began: (generation) => {
      wiring.onGeneration?.();
      restore.began(generation);
    },
  });
  const { queue } = stored;
  const restore = createRestore({
    ...wiring,
    store: stored.store,
    queue,
    alikeKey,
    sendWithinMs: times.start.sendWithin,
    pause: (ms) => sleep(ms, undefined, { ref: false }),
  });
  const store = { ...stored.store, create: restore.create };
  const direct = createDirect({ now, command, revision: () => policy().revision, effectOf: effects(wiring) });
  const worker = createWorker({
    ...wiring,
    store,
    queue,
    times,
    audit: record,
    note,
    modes: {
      direct,
      wait: createWait(gitlab.starting, gitlab.following),
      link: createLink(gitlab.starting, gitlab.following),
    },
    sender: senders(wiring),
    digest: digestOf,
    leaseId: randomUUID,
  });
  const sweeper = createSweeper({
    due: store.due,
    wake: queue.wake,
    now,
    everyMs: times.sweepEveryMs,
    graceMs: times.sweepGraceMs,
    againMs: times.sweepAgainMs,
    problem: (words, err) => log.warn({ err }, words),
  });
  return { store, queue, warnings: stored.warnings, restore, worker, sweeper, alikeKey };
};
