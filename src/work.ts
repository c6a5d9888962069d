import type { AuditEntry } from './core/audit-entry.ts';
import type { Mode } from './core/command.ts';
import { runReply } from './core/replies/run-reply.ts';
import type { Reply, ReplySender, Sent } from './core/reply.ts';
import { isFinal, type Run, type RunStore, type WakeQueue } from './core/run.ts';
import type { Times } from './core/times.ts';
import type { Save, Work } from './core/work.ts';

/** Everything that working a run needs of the world. */
export interface WorkParts {
  readonly now: () => number;
  readonly store: Pick<RunStore, 'load' | 'save'>;
  readonly queue: Pick<WakeQueue, 'wake'>;
  /** Has it on disk before anybody acts on it; rejects when it cannot. */
  readonly audit: (entry: AuditEntry) => Promise<void>;
  /** Keeps a record of what has happened; resolves when it is on disk or known to wait for it. Never rejects. */
  readonly note: (entry: AuditEntry) => Promise<void>;
  readonly modes: Readonly<Record<Mode, Work>>;
  readonly sender: (app: string) => ReplySender | undefined;
  readonly digest: (text: string) => string;
  /** Tells one working of a run from every other, on any instance. */
  readonly leaseId: () => string;
  readonly times: Pick<Times, 'leaseMs' | 'renewEveryMs' | 'faultPauseMs'>;
  readonly log: { readonly warn: (fields: object, message: string) => void };
  readonly onState?: (run: Run) => void;
  readonly onReply?: (outcome: 'sent' | 'failed' | 'given up') => void;
}

/** A wake-up with news that found the run in other hands comes back then. */
const busyPauseMs = 300;

/** The final reply is tried this often, up to a minute apart: for more than half an hour. */
const replyTries = 40;

const pauseAfterFailures = (failures: number): number => Math.min(60_000, 1000 * 2 ** Math.min(failures, 6));

const laterOf = (ours: Run['canceledBy'], theirs: Run['canceledBy']): Run['canceledBy'] =>
  theirs !== null && theirs.at > (ours?.at ?? Number.NEGATIVE_INFINITY) ? theirs : ours;

/** One working of a run: who has it, and until when as far as it knows. */
interface Hold {
  readonly owner: string;
  until: number;
}

/**
 * Saves what the holder of the lease has done. Somebody may have asked to cancel meanwhile: that is merged in. `conflict` when the
 * lease is no longer ours, or has run out: whoever paused that long does not know what others did, and a store that lost its
 * last writes would not know it either.
 */
const saveHeld =
  ({ store, now }: WorkParts, hold: Hold): Save =>
  async (run) => {
    let mine = run;
    while (now() < hold.until) {
      const saved = await store.save(mine);
      if (saved !== 'conflict') return saved;
      const theirs = await store.load(run.id);
      if (theirs?.lease?.owner !== hold.owner) return 'conflict';
      const { version, generation } = theirs;
      mine = { ...run, version, generation, canceledBy: laterOf(run.canceledBy, theirs.canceledBy) };
    }
    return 'conflict';
  };

/**
 * Has on record what became of the run and is not yet; what was recorded is saved with the run, so that whoever comes after a
 * crash in between knows. It has happened: a record that cannot be kept now waits, and does not hold the run up.
 */
const recordChange = async (parts: WorkParts, run: Run): Promise<Run> => {
  const { id, state, pipeline, recorded } = run;
  if (pipeline !== null && !recorded.pipeline)
    await parts.note({ kind: 'pipeline', run: id, project: pipeline.project, pipeline: pipeline.id });
  if (state !== recorded.state) {
    parts.onState?.(run);
    const because = run.outcome?.because ?? null;
    await parts.note({ kind: 'state', run: id, from: recorded.state, to: state, because });
  }
  return { ...run, recorded: { state, pipeline: pipeline !== null } };
};

const isRecorded = ({ state, pipeline, recorded }: Run): boolean =>
  state === recorded.state && (pipeline !== null) === recorded.pipeline;

/** An intent is on record before it is saved, and saved before its effect: no record, no effect. */
const saveRecorded =
  (parts: WorkParts, save: Save): Save =>
  async (run) => {
    if (run.intent !== null && run.intent.ended === undefined) {
      await parts.audit({ kind: 'intent', run: run.id, attempt: run.intent.attempt });
    }
    return save(run);
  };

/** Chat is left alone until then. */
const notYet = (run: Run, notBefore: number): Run => ({
  ...run,
  told: { ...run.told, notBefore },
  dueAt: Math.min(notBefore, run.dueAt ?? notBefore),
});

/** What became of one try to tell chat. Until `notBefore` chat is left alone, while the run goes on. */
const afterSending = (parts: WorkParts, run: Run, final: boolean, digest: string, sent: Sent): Run => {
  if (sent.sent) {
    parts.onReply?.('sent');
    return { ...run, replyTo: sent.address, told: { digest, failures: 0, finalFailures: 0 } };
  }
  if (sent.held) return notYet(run, parts.now() + (sent.tryAgainAfterMs ?? 0));
  parts.log.warn({ run: run.id, problem: sent.problem }, 'a reply could not be delivered');
  const failures = run.told.failures + 1;
  const finalFailures = run.told.finalFailures + (final ? 1 : 0);
  const giveUp = final && (sent.tryAgainAfterMs === null || finalFailures >= replyTries);
  parts.onReply?.(giveUp ? 'given up' : 'failed');
  const notBefore = parts.now() + Math.max(sent.tryAgainAfterMs ?? 0, pauseAfterFailures(failures));
  const told = { ...run.told, failures, finalFailures };
  const after = { ...run, replyTo: sent.address, told };
  return giveUp ? { ...after, told: { ...told, givenUp: sent.problem } } : notYet(after, notBefore);
};

/** Takes a reply if somebody is waiting for it right now; false when nobody is. */
export type Offer = (reply: Reply) => boolean;

interface News {
  readonly reply: Reply;
  readonly digest: string;
}

/** What chat should see and does not yet; undefined when chat knows, can no longer be told, or asked to be left alone. */
const untold = (parts: WorkParts, run: Run): News | 'later' | undefined => {
  const { told } = run;
  const reply = runReply(run);
  const digest = parts.digest(JSON.stringify(reply));
  if (digest === told.digest || told.givenUp !== undefined) return undefined;
  return (told.notBefore ?? 0) > parts.now() ? 'later' : { reply, digest };
};

/** A run that has something to tell later is due then, even when nothing else is to be done. */
const dueToTell = (run: Run): Run => {
  const notBefore = run.told.notBefore ?? 0;
  return { ...run, dueAt: Math.min(notBefore, run.dueAt ?? notBefore) };
};

/** By the request that waits for it, or else by the chat app; undefined when there is no such app any more. */
const send = async (parts: WorkParts, run: Run, reply: Reply, offer: Offer): Promise<Sent | undefined> =>
  offer(reply)
    ? { sent: true, address: run.replyTo }
    : parts.sender(run.replyTo.app)?.send(run.replyTo, reply);

/** Tells chat how the run stands. A reply that cannot be delivered is tried again and never fails the run. */
const report = async (parts: WorkParts, run: Run, news: News, offer: Offer): Promise<Run> => {
  const { reply, digest } = news;
  const sent = await send(parts, run, reply, offer);
  if (sent === undefined) return run;
  const after = afterSending(parts, run, reply.final, digest, sent);
  const problem = after.told.givenUp ?? null;
  if (reply.final && (sent.sent || problem !== null)) {
    const outcome = sent.sent ? 'sent' : 'given up';
    await parts.note({ kind: 'reply', run: run.id, outcome, problem });
  }
  return after;
};

/** A run in our hands. */
interface Taken {
  readonly run: Run;
  readonly hold: Hold;
}

/** Takes the run for this working; `busy` when somebody else has it. */
const take = async (parts: WorkParts, run: Run): Promise<Taken | 'busy'> => {
  const now = parts.now();
  if (run.lease !== null && run.lease.until > now) return 'busy';
  const lease = { owner: parts.leaseId(), until: now + parts.times.leaseMs };
  const taken = await parts.store.save({ ...run, lease });
  return taken === 'conflict' ? 'busy' : { run: taken, hold: { ...lease } };
};

/** A run that is over is not worked any more; it may only still have to be told. */
const advance = (parts: WorkParts, run: Run, save: Save, urgent: boolean): Promise<Run | 'conflict'> =>
  isFinal(run.state)
    ? Promise.resolve({ ...run, dueAt: null })
    : parts.modes[run.mode](run, saveRecorded(parts, save), urgent);

interface How {
  readonly urgent: boolean;
  readonly offer: Offer;
}

/**
 * One step: done, saved, on record, told, given back. Until the last save the run stays due, so that whoever comes after a crash
 * goes on where this one ended.
 */
const step = async (parts: WorkParts, { run: taken, hold }: Taken, how: How): Promise<Run | 'conflict'> => {
  const save = saveHeld(parts, hold);
  const advanced = await advance(parts, taken, save, how.urgent);
  if (advanced === 'conflict') return 'conflict';
  const { dueAt } = advanced;
  const news = untold(parts, advanced);
  const next = news === 'later' ? dueToTell(advanced) : advanced;
  if (isRecorded(next) && (news === undefined || news === 'later')) return save({ ...next, lease: null });
  const saved = await save({ ...next, dueAt: next.dueAt ?? parts.now() });
  if (saved === 'conflict') return 'conflict';
  const recorded = { ...(await recordChange(parts, saved)), dueAt: next.dueAt };
  if (news === undefined || news === 'later') return save({ ...recorded, lease: null });
  const told = await report(parts, { ...recorded, dueAt }, news, how.offer);
  return save({ ...told, lease: null });
};

/** Renews the lease while a step is at work, until the answer is called. */
const keepLease = (parts: WorkParts, { run, hold }: Taken): (() => void) => {
  const renew = async (): Promise<void> => {
    if (parts.now() >= hold.until) return;
    const stored = await parts.store.load(run.id);
    if (stored?.lease?.owner !== hold.owner) return;
    const until = parts.now() + parts.times.leaseMs;
    const saved = await parts.store.save({ ...stored, lease: { owner: hold.owner, until } });
    if (saved !== 'conflict') hold.until = until;
  };
  // A renewal that fails, or comes between two saves, is made up for by the next; the step itself finds out who has the run.
  const timer = setInterval(() => void renew().catch(() => undefined), parts.times.renewEveryMs);
  return () => clearInterval(timer);
};

/** After a step that failed in the middle the run is given back, to be looked at again: what it had saved tells how far it got. */
const giveBack = async (parts: WorkParts, { run, hold }: Taken): Promise<Run | 'conflict'> => {
  const stored = await parts.store.load(run.id);
  if (stored?.lease?.owner !== hold.owner) return 'conflict';
  return parts.store.save({ ...stored, lease: null, dueAt: parts.now() + parts.times.faultPauseMs });
};

/**
 * Whoever has the run books its next look. News that came meanwhile must not be forgotten, and whoever has it may have died:
 * then it is free when the lease is over.
 */
const lookLater = (parts: WorkParts, run: Run, { urgent }: How): Promise<void> => {
  const left = Math.max(0, (run.lease?.until ?? 0) - parts.now());
  return parts.queue.wake(run.id, urgent ? busyPauseMs : left + busyPauseMs, urgent);
};

/** One working of a run: take it, one step, tell chat, give it back, and see to the next wake-up. */
const workRun = async (parts: WorkParts, run: Run, how: How): Promise<void> => {
  const taken = await take(parts, run);
  if (taken === 'busy') return lookLater(parts, run, how);
  const stopRenewing = keepLease(parts, taken);
  const after = await step(parts, taken, how)
    .catch((error: unknown) => {
      parts.log.warn({ run: run.id, err: error }, 'a step of a run failed; it is tried again');
      return giveBack(parts, taken);
    })
    .finally(stopRenewing);
  if (after === 'conflict' || after.dueAt === null) return;
  await parts.queue.wake(run.id, Math.max(0, after.dueAt - parts.now()), false);
};

/** Clocks of timers and of people differ by less than this. */
const earlyMs = 50;

/**
 * Answers a wake-up. Wake-ups may be lost, doubled or early: only a run that is due, or of which something is known to have
 * changed, is worked. Never rejects.
 */
export const createWorker = (parts: WorkParts) => {
  const inHand = new Set<Promise<void>>();
  const working = (runId: string, work: Promise<void>): Promise<void> => {
    const held = work
      .catch((error: unknown) => parts.log.warn({ run: runId, err: error }, 'a run could not be worked'))
      .finally(() => inHand.delete(held));
    inHand.add(held);
    return held;
  };
  const wakeUp = async (runId: string, urgent: boolean): Promise<void> => {
    const run = await parts.store.load(runId);
    if (run === undefined || run.dueAt === null) return;
    if (!urgent && run.dueAt > parts.now() + earlyMs) return;
    await workRun(parts, run, { urgent, offer: () => false });
  };
  const workStored = async (runId: string, offer: Offer): Promise<void> => {
    const run = await parts.store.load(runId);
    if (run !== undefined) await workRun(parts, run, { urgent: true, offer });
  };
  return {
    work: (runId: string, urgent: boolean): Promise<void> => working(runId, wakeUp(runId, urgent)),
    /** Works a run that was just stored; its reply is offered first to whoever waits for it. */
    workNow: (runId: string, offer: Offer): Promise<void> => working(runId, workStored(runId, offer)),
    /** Resolves when everything in hand now has ended. */
    settled: async (): Promise<void> => void (await Promise.all(inHand)),
  };
};
