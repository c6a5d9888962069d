import type { Dice } from './dice.ts';

/** Where a gateway ends or stops itself: before or after the `nth` step of that name. */
export interface Failpoint {
  readonly point: string;
  readonly when: 'before' | 'after';
  readonly nth: number;
  readonly do: 'kill' | 'stop';
}

/** Every step by which the gateway touches the world. */
export const points: readonly string[] = [
  'store.create',
  'store.load',
  'store.save',
  'store.due',
  'queue.wake',
  'audit.decision',
  'audit.intent',
  'audit.state',
  'audit.pipeline',
  'audit.reply',
  'gitlab.order',
  'gitlab.start',
  'gitlab.find',
  'gitlab.look',
  'gitlab.cancel',
  'gitlab.outcome',
  'chat.send',
  'effect.do',
];

/** Seldom steps are met late or never, so they are not counted far. */
const often: readonly string[] = ['store.load', 'store.save', 'queue.wake'];

/** A failpoint for a process that is about to start. */
export const drawFailpoint = (dice: Dice): Failpoint => {
  const point = dice.pick(points);
  return {
    point,
    when: dice.pick(['before', 'after']),
    nth: dice.between(1, often.includes(point) ? 40 : 6),
    do: dice.chance(0.75) ? 'kill' : 'stop',
  };
};
