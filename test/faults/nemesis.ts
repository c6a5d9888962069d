import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import type { Instance } from './instance.ts';
import type { Cut, MortalRedis } from './redis-life.ts';
import { longestStop } from './times.ts';

/** Something bad that happens to a process at a moment of the campaign. Milliseconds. */
export interface Strike {
  readonly at: number;
  readonly kind: 'kill' | 'stop' | 'term' | 'redis kill' | 'redis cut';
  readonly instance: number;
  /** How long it stays stopped or down. */
  readonly ms: number;
  readonly cut: Cut;
}

/** How often what happens, as shares of all strikes; and the pause between two, on average. */
export interface Temper {
  readonly everyMs: number;
  readonly shares: Readonly<Record<Strike['kind'], number>>;
  /** How much a Redis that is cut loses. Milliseconds; default: 100 to 500. */
  readonly cutMs?: readonly [number, number];
}

/** Process faults most of all. */
export const usualTemper: Temper = {
  everyMs: 1700,
  shares: { kill: 0.61, stop: 0.18, term: 0.11, 'redis kill': 0.045, 'redis cut': 0.055 },
};

const drawKind = (dice: Dice, { shares }: Temper): Strike['kind'] => {
  const kinds: readonly Strike['kind'][] = ['kill', 'stop', 'term', 'redis kill', 'redis cut'];
  let left = dice.next() * kinds.reduce((sum, kind) => sum + shares[kind], 0);
  for (const kind of kinds) {
    left -= shares[kind];
    if (left < 0) return kind;
  }
  return 'kill';
};

const lengthOf = (dice: Dice, kind: Strike['kind']): number =>
  kind === 'stop' ? dice.between(300, longestStop) : dice.between(50, 800);

/** The strikes of a campaign of that length: the same dice, the same strikes. */
export const planStrikes = (
  dice: Dice,
  forMs: number,
  instances: number,
  temper: Temper,
): readonly Strike[] => {
  const strikes: Strike[] = [];
  const [least, most] = temper.cutMs ?? [100, 500];
  for (let at = temper.everyMs; at < forMs; at += dice.between(temper.everyMs * 0.4, temper.everyMs * 1.6)) {
    const kind = drawKind(dice, temper);
    const instance = dice.between(0, instances - 1);
    const cut = { ms: dice.between(least, most), torn: dice.chance(0.5) ? dice.between(1, 40) : 0 };
    strikes.push({ at, kind, instance, ms: lengthOf(dice, kind), cut });
  }
  return strikes;
};

/** Whom the nemesis strikes, and who hears of it. */
export interface Struck {
  readonly instances: readonly Instance[];
  readonly redis: MortalRedis;
  readonly happened: (what: string, detail: object) => void;
}

const strikeOnce = async ({ instances, redis, happened }: Struck, strike: Strike): Promise<void> => {
  const { kind, ms, cut, instance: number } = strike;
  const instance = instances[number];
  if (kind === 'redis kill' || kind === 'redis cut') {
    if (!redis.isUp()) return;
    const gone = await redis.strike(ms, kind === 'redis cut' ? cut : undefined);
    happened(kind, { ms, ...(kind === 'redis cut' ? { ...cut, bytes: gone } : {}) });
    return;
  }
  happened(kind, { number, ms });
  if (kind === 'stop') await instance?.stop(ms);
  else instance?.end(kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
};

/** Carries out the strikes at their time; resolves when the last is over and everything it hit goes on. */
export const strikeAll = async (struck: Struck, strikes: readonly Strike[]): Promise<void> => {
  const began = performance.now();
  const under: Promise<void>[] = [];
  for (const strike of strikes) {
    await pause(Math.max(0, strike.at - (performance.now() - began)));
    under.push(strikeOnce(struck, strike));
  }
  await Promise.all(under);
};
