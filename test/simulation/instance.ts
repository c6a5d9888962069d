import { createHash } from 'node:crypto';
import { createCancel } from '../../src/commands/cancel.ts';
import type { Run } from '../../src/core/run.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import type { FollowingParts } from '../../src/modes/following.ts';
import type { StartingParts } from '../../src/modes/starting.ts';
import { createWait } from '../../src/modes/wait.ts';
import { createSweeper } from '../../src/queue/sweeper.ts';
import { createRestore } from '../../src/restore.ts';
import { createRedisStore } from '../../src/store/redis.ts';
import { createWorker } from '../../src/work.ts';
import { type Disk, openSimulatedAudit } from './audit.ts';
import type { SimulatedChat } from './chat.ts';
import type { Faults } from './faults.ts';
import type { SimulatedGitLab } from './gitlab.ts';
import { openPolicy } from './policy.ts';
import type { SimulatedQueue } from './queue.ts';
import { connectSimulated, type RedisConnectionParts } from './redis-connection.ts';
import type { Rules } from './rules.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** What is around every instance. */
export interface Around extends RedisConnectionParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly queue: SimulatedQueue;
  readonly gitlab: SimulatedGitLab;
  readonly chat: SimulatedChat;
  readonly rules: Rules;
  /** An intent is about to be saved. */
  readonly intends: (life: Life, run: Run, now: number) => void;
}

/** An instance that is up. */
export interface Up {
  readonly life: Life;
  readonly gateway: Gateway;
  /** Whether a request was not received before, as the store remembers. */
  readonly firstTime: (key: string) => Promise<boolean>;
  readonly now: () => number;
  /** Nothing is being restored. */
  isSettled(): boolean;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The same delivery gives the same run. */
export const runIdOf = (delivery: string): string => `r${delivery}`;

/** As long as `src/http` remembers a request. */
const rememberMs = 600_000;

const ignore = (): void => undefined;

const pausing =
  (scheduler: Scheduler, life: Life) =>
  (ms: number): Promise<void> =>
    new Promise((resolve) => scheduler.after(ms, life, resolve, 'timer'));

const gitlabParts = ({ gitlab, rules, scheduler }: Around, life: Life, now: () => number) => {
  const reached = gitlab.reachedBy(life);
  const cancel: FollowingParts['cancel'] = ({ id }) => reached.cancel(id);
  const starting: StartingParts = {
    now,
    times: rules.times.start,
    order: (run) => reached.order(run.id),
    start: reached.start,
    find: (run) => reached.find(run.id),
    cancel,
    onSurplus: ignore,
  };
  const following: Omit<FollowingParts, 'pauseAfter'> = {
    now,
    look: (_project, id) => reached.look(id),
    outcomeOf: async () => {
      await pausing(scheduler, life)(2);
      return { text: 'done' };
    },
    cancel,
  };
  return { starting, following };
};

/** The parts of one instance, put together as `src/wiring` does. */
const build = (around: Around, disk: Disk, life: Life, now: () => number) => {
  const { scheduler, queue: queues, rules, chat, intends } = around;
  const { times } = rules;
  const queue = queues.of(life);
  const { record, note, readBack } = openSimulatedAudit(around, disk, life, now);
  const client = connectSimulated(around, life);
  const sendWithinMs = times.start.sendWithin;
  const alikeKey = (run: Run): string => `${run.caller.account}|${run.line}`;
  const log = { info: ignore, warn: ignore };
  const stored = createRedisStore({
    client,
    tried: async () => undefined,
    close: async () => undefined,
    doubt: rules.doubt,
    began: (generation) => restore.began(generation),
  });
  const pause = pausing(scheduler, life);
  const restore = createRestore({
    now,
    readBack,
    store: stored,
    queue,
    note,
    alikeKey,
    sendWithinMs,
    pause,
    log,
  });
  const store = { ...stored, create: restore.create };
  const { starting, following } = gitlabParts(around, life, now);
  const wait = createWait(starting, following);
  let leases = 0;
  const worker = createWorker({
    now,
    store,
    queue,
    audit: record,
    note,
    modes: {
      wait: (run, save, urgent) =>
        wait(
          run,
          (next) => {
            intends(life, next, now());
            return save(next);
          },
          urgent,
        ),
      link: async (run) => run,
      direct: async (run) => run,
    },
    sender: () => chat.senderOf(life),
    digest: digestOf,
    leaseId: () => `${life.name} ${++leases}`,
    times,
    log,
  });
  const cancel = createCancel({
    store,
    queue,
    audit: record,
    now,
    decide: async () => openPolicy.decide({ caller: '', channel: '', command: '', input: {} }),
  });
  const gateway = createGateway({
    now,
    tick: () => 0,
    policy: () => openPolicy,
    store,
    queue,
    audit: record,
    note,
    sendWithinMs,
    alikeKey,
    accepting: restore.accepting,
    builtIns: new Map(),
    runIdOf,
    workNow: worker.workNow,
    cancel,
  });
  const sweeper = createSweeper({
    due: store.due,
    wake: queue.wake,
    now,
    everyMs: times.sweepEveryMs,
    graceMs: times.sweepGraceMs,
    againMs: times.sweepAgainMs,
    problem: ignore,
  });
  return { store, queue, restore, worker, sweeper, gateway };
};

/** Starts an instance on its disk, within a turn of the scheduler; `onUp` once it takes requests. */
export const startInstance = (
  around: Around,
  disk: Disk,
  life: Life,
  skew: number,
  onUp: (up: Up) => void,
): void => {
  const { scheduler, rules } = around;
  const stoodStill = (): number => life.pausedFor - Math.max(0, life.pausedUntil - scheduler.now());
  const now = (): number => scheduler.now() + skew - (rules.clockGoesOn ? 0 : stoodStill());
  const { store, queue, restore, worker, sweeper, gateway } = build(around, disk, life, now);
  let restoring = 0;
  const isSettled = (): boolean => restoring === 0;
  const watch = (): void => {
    restoring += 1;
    void restore.settled().then(() => {
      restoring -= 1;
      scheduler.after(1000, life, watch);
    });
  };
  const go = (): void => {
    queue.start(worker.work);
    sweeper.start();
    watch();
    onUp({ life, gateway, firstTime: (key) => store.firstTime(key, rememberMs), now, isSettled });
  };
  void store.generation().then(go, go);
};
