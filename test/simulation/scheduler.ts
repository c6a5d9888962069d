/**
 * One life of an instance: from its start to its crash. What belongs to a life that is dead never happens; what belongs to one
 * that is paused happens when it goes on.
 */
export interface Life {
  readonly name: string;
  dead: boolean;
  /** Virtual milliseconds. */
  pausedUntil: number;
  /** How long it was paused so far. */
  pausedFor: number;
  /** After a pause, timers and answers that are overdue come in one order or the other. */
  timersFirst: boolean;
}

export const newLife = (name: string): Life => ({
  name,
  dead: false,
  pausedUntil: 0,
  pausedFor: 0,
  timersFirst: true,
});

type Sort = 'timer' | 'answer';

interface Turn {
  at: number;
  readonly seq: number;
  readonly life: Life | undefined;
  readonly sort: Sort;
  readonly act: () => void;
}

const isBefore = (a: Turn, b: Turn): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq);

/** A binary heap: what comes first is at the top. */
const createHeap = () => {
  const turns: Turn[] = [];
  const swapIf = (low: number, high: number): boolean => {
    const [a, b] = [turns[low], turns[high]];
    if (a === undefined || b === undefined || !isBefore(b, a)) return false;
    turns[low] = b;
    turns[high] = a;
    return true;
  };
  const push = (turn: Turn): void => {
    let at = turns.push(turn) - 1;
    while (at > 0 && swapIf((at - 1) >> 1, at)) at = (at - 1) >> 1;
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const [left, right] = [turns[2 * at + 1], turns[2 * at + 2]];
      if (left === undefined) return;
      const least = right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
      if (!swapIf(at, least)) return;
      at = least;
    }
  };
  const pop = (): Turn | undefined => {
    const first = turns[0];
    const last = turns.pop();
    if (last !== undefined && turns.length > 0) {
      turns[0] = last;
      sink();
    }
    return first;
  };
  return { push, pop };
};

const nextTurn = setImmediate;

/** Until every promise that can go on has gone on. */
const drained = (): Promise<void> => new Promise((resolve) => void nextTurn(resolve));

/** Virtual time: what is due happens one after the other, and nothing else happens. */
export interface Scheduler {
  /** Virtual milliseconds since 1970. */
  now(): number;
  /** Whose code is running. */
  current(): Life | undefined;
  /** Does it after so long; as part of that life, or of the world. */
  after(ms: number, life: Life | undefined, act: () => void, sort?: Sort): void;
  pause(life: Life, ms: number, timersFirst: boolean): void;
  /** Goes on until `isOver` answers true. */
  run(isOver: () => boolean): Promise<void>;
}

const longAgo = 1_790_000_000_000;

export const createScheduler = (): Scheduler => {
  const heap = createHeap();
  let now = longAgo;
  let seq = 0;
  let current: Life | undefined;

  const putOff = (turn: Turn, life: Life): void => {
    const isLate = (turn.sort === 'timer') !== life.timersFirst;
    heap.push({ ...turn, at: life.pausedUntil + (isLate ? 1 : 0) });
  };

  const take = async (turn: Turn): Promise<void> => {
    const { life, act } = turn;
    now = Math.max(now, turn.at);
    if (life === undefined) return act();
    if (life.dead) return;
    if (life.pausedUntil > now) return putOff(turn, life);
    current = life;
    act();
    await drained();
    current = undefined;
  };

  return {
    now: () => now,
    current: () => current,
    after: (ms, life, act, sort = 'answer') => {
      if (life?.dead === true) return;
      heap.push({ at: now + Math.max(0, ms), seq: seq++, life, sort, act });
    },
    pause: (life, ms, timersFirst) => {
      const until = Math.max(life.pausedUntil, now + ms);
      life.pausedFor += until - Math.max(life.pausedUntil, now);
      life.pausedUntil = until;
      life.timersFirst = timersFirst;
    },
    run: async (isOver) => {
      for (;;) {
        const turn = heap.pop();
        if (turn === undefined) return;
        await take(turn);
        if (isOver()) return;
      }
    },
  };
};
