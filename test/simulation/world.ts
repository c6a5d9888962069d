import type { Run } from '../../src/core/run.ts';
import { createDice } from '../faults/dice.ts';
import { newDisk } from './audit.ts';
import { createCalls } from './calls.ts';
import { createSimulatedChat } from './chat.ts';
import { createFaults } from './faults.ts';
import { createSimulatedGitLab } from './gitlab.ts';
import { startInstance, type Up } from './instance.ts';
import { type Action, calmAfterMs, type Plan } from './plan.ts';
import { createSimulatedQueue } from './queue.ts';
import type { RedisWay } from './redis-connection.ts';
import { createRedisServer } from './redis-server.ts';
import type { Rules } from './rules.ts';
import { createScheduler, type Life, newLife } from './scheduler.ts';

/** The instances, and everything around them; what goes wrong is done to them here. */
export const createWorld = (plan: Plan, rules: Rules, trace: (words: string) => void) => {
  const scheduler = createScheduler();
  const dice = createDice(String(plan.seed));
  const { shares } = plan;
  const server = createRedisServer(scheduler.now);
  const way: RedisWay = { server, connections: new Set(), awayUntil: 0, hangsUntil: 0 };
  const disks = plan.skews.map(newDisk);
  const lives = plan.skews.map((_, at) => newLife(`i${at}`));
  const ups = new Map<number, Up>();
  /** The last moment, of the world's clock, at which GitLab may receive a POST of this life for that run. */
  const receivedBy = new Map<string, number>();

  const start = (at: number): void => {
    const life = newLife(`i${at}.${scheduler.now() % 1e7}`);
    lives[at] = life;
    const [disk, skew] = [disks[at], plan.skews[at]];
    if (disk === undefined || skew === undefined) return;
    scheduler.after(0, life, () => startInstance(around, disk, life, skew, (up) => void ups.set(at, up)));
  };

  const crash = (at: number, downMs: number): void => {
    const life = lives[at];
    if (life === undefined || life.dead) return;
    life.dead = true;
    ups.delete(at);
    for (const one of [...way.connections]) one.broken();
    faults.lasts(downMs);
    scheduler.after(downMs, undefined, () => start(at));
  };

  const breakAll = (): void => {
    for (const one of [...way.connections]) one.broken();
  };

  const numberOf = (who: number | 'here', here: Life | undefined): number =>
    who === 'here' ? Math.max(0, here === undefined ? 0 : lives.indexOf(here)) : who % plan.skews.length;

  const restartRedis = (lost: number | 'everything', downMs: number): void => {
    server.restart(lost);
    if (lost !== 0) queue.forget();
    way.awayUntil = Math.max(way.awayUntil, scheduler.now() + downMs);
    breakAll();
    faults.lasts(downMs);
  };

  const apply = (action: Action, here: Life | undefined): void => {
    trace(`!! ${JSON.stringify(action)} ${here?.name ?? ''}`);
    faults.lasts('ms' in action ? action.ms : 0);
    const until = 'ms' in action ? scheduler.now() + action.ms : 0;
    switch (action.do) {
      case 'crash':
        crash(numberOf(action.who, here), action.downMs);
        break;
      case 'pause': {
        const life = lives[numberOf(action.who, here)];
        if (life !== undefined) scheduler.pause(life, action.ms, action.timersFirst);
        break;
      }
      case 'redis restarts':
        restartRedis(action.lost, action.downMs);
        break;
      case 'redis is emptied':
        server.empty();
        break;
      case 'redis hangs':
        way.hangsUntil = Math.max(way.hangsUntil, until);
        break;
      case 'redis is away':
        way.awayUntil = Math.max(way.awayUntil, until);
        breakAll();
        break;
      case 'gitlab is away':
        gitlab.away(action.ms);
        break;
      case 'chat is away':
        chat.away(action.ms);
        break;
      case 'disk is full': {
        const disk = disks[numberOf(action.who, here)];
        if (disk !== undefined) disk.fullUntil = Math.max(disk.fullUntil, until);
      }
    }
  };

  const planned = createFaults({ scheduler, faults: plan.faults, calmAfterMs, apply });
  const faults: typeof planned = {
    ...planned,
    reached: (point, phase, life) => {
      trace(`${life.name} ${point} ${phase}`);
      planned.reached(point, phase, life);
    },
  };
  const calls = createCalls(scheduler, faults, dice.apart('calls'));
  const gitlab = createSimulatedGitLab({
    scheduler,
    faults,
    calls,
    dice: dice.apart('gitlab'),
    startOddly: shares.startOddly,
    readFails: shares.gitlabReadFails,
    receivedBy: (life, runId) => receivedBy.get(`${life.name} ${runId}`) ?? 0,
  });
  const chat = createSimulatedChat({
    scheduler,
    faults,
    calls,
    dice: dice.apart('chat'),
    fails: shares.chatFails,
  });
  const isAway = (): boolean => scheduler.now() < Math.max(way.awayUntil, way.hangsUntil);
  const queue = createSimulatedQueue({
    scheduler,
    faults,
    calls,
    dice: dice.apart('queue'),
    lost: shares.wakeLost,
    isAway,
  });

  const around = {
    scheduler,
    faults,
    dice: dice.apart('redis'),
    way,
    answerLost: shares.redisAnswerLost,
    queue,
    gitlab,
    chat,
    rules,
    intends: (life: Life, { id, intent }: Run, now: number): void => {
      if (intent === null) return;
      const left = intent.sendUntil - now + rules.receivedWithin;
      receivedBy.set(`${life.name} ${id}`, scheduler.now() + left);
    },
  };

  const isQuiet = (): boolean =>
    scheduler.now() > faults.overAt() + 20_000 &&
    gitlab.onItsWay() === 0 &&
    ups.size === lives.length &&
    [...ups.values()].every((up) => up.isSettled()) &&
    server.runs().every((text) => (JSON.parse(text) as Run).dueAt === null);

  return { scheduler, faults, gitlab, chat, server, disks, ups, start, isQuiet };
};

export type World = ReturnType<typeof createWorld>;
