import type { Dice } from '../../faults/dice.ts';
import { choose, within } from '../../faults/shares.ts';
import type { GitLabKnobs } from './knobs.ts';

/** What becomes of one request to start a pipeline; `ms`: how much later it is made, or answered. */
export type StartFault =
  | { readonly kind: 'errorAfter' | 'resetAfter' | 'html' | 'errorBefore' | 'resetBefore' | 'tooMany' }
  | { readonly kind: 'late' | 'slow'; readonly ms: number }
  | { readonly kind: 'none' };

/** How a request fails that only reads; they come in turn. */
export type ReadFault = 'error' | 'badGateway' | 'reset';

/** The decisions for the requests and webhooks to come, one call each. */
export interface Decisions {
  start(): StartFault;
  read(): ReadFault | null;
  list(): ReadFault | null;
  /** How old a pipeline must be for the next list to show it, in milliseconds. */
  listLagMs(): number;
  /** When each copy of the next webhook is sent, in milliseconds from now; none at all when it is lost. */
  copies(): readonly number[];
}

/** Decides by the settings in force and by dice. */
export function createDecisions(knobs: () => GitLabKnobs, dice: () => Dice): Decisions {
  const failing = (kind: 'lists' | 'reads'): (() => ReadFault | null) => {
    const next = inTurn<ReadFault>('error', 'badGateway', 'reset');
    return () => (dice()(kind) < knobs()[kind].fail ? next() : null);
  };
  return {
    start() {
      const { start, lateMs, slowMs } = knobs();
      const kind = choose(start, dice()('start')) ?? 'none';
      if (kind === 'late') return { kind, ms: within(lateMs, dice(), 'late') };
      if (kind === 'slow') return { kind, ms: within(slowMs, dice(), 'slow') };
      return { kind };
    },
    read: failing('reads'),
    list: failing('lists'),
    listLagMs: () => within(knobs().lists.lagMs, dice(), 'lag'),
    copies() {
      const { lose, twice, delayMs } = knobs().webhooks;
      const delay = (): number => within(delayMs, dice(), 'delay');
      const fate = choose({ lose, twice }, dice()('webhooks'));
      if (fate === 'lose') return [];
      return fate === 'twice' ? [delay(), delay()] : [delay()];
    },
  };
}

function inTurn<T>(first: T, ...others: readonly T[]): () => T {
  const all = [first, ...others];
  let at = -1;
  return () => {
    at = (at + 1) % all.length;
    return all[at] ?? first;
  };
}
