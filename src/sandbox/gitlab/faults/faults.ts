import type { FastifyInstance } from 'fastify';
import { createCounts } from '../../faults/counts.ts';
import { createDice } from '../../faults/dice.ts';
import { createPauses } from '../../faults/pauses.ts';
import { addFaultRoutes } from '../../faults/routes.ts';
import { watchTurns } from '../../faults/turns.ts';
import type { World } from '../world.ts';
import { createDecisions } from './decisions.ts';
import { calm, readGitLabKnobs } from './knobs.ts';
import { pipelineLedger } from './ledger.ts';
import { addReadFaults } from './read-hooks.ts';
import { addStartFaults } from './start-hooks.ts';

/** What may go wrong with this GitLab. */
export interface Faults {
  /** Asked once per list of pipelines: tells which pipelines, made at a Unix time in milliseconds, it does not show yet. */
  unlisted(): (createdAt: number) => boolean;
  /** Asked once per webhook: when each copy is sent, in milliseconds from now. */
  copies(): readonly number[];
  /** Adds what goes wrong, and the routes of the judge, to the server. */
  addTo(app: FastifyInstance, world: World): void;
  close(): void;
}

/** A GitLab that can be trusted. */
export const noFaults: Faults = {
  unlisted: () => () => false,
  copies: () => [0],
  addTo: () => {},
  close: () => {},
};

/** Faults that `PUT /-/sandbox/faults` sets, none at first; `now` in Unix milliseconds, `tick` a clock that never goes back. */
export function createFaults(now: () => number, tick: () => number): Faults {
  let knobs = calm;
  let dice = createDice(0);
  let starts = 0;
  const counts = createCounts();
  const pauses = createPauses();
  const turns = watchTurns(tick);
  const decide = createDecisions(
    () => knobs,
    () => dice,
  );
  const put = (body: unknown): string | null => {
    const read = readGitLabKnobs(body);
    if (!read.ok) return read.error;
    knobs = read.value;
    if (knobs.seed !== null) dice = createDice(knobs.seed);
    return null;
  };
  const onRead = (): void => {
    starts += 1;
  };
  const lifeMs = (): number => knobs.requestLifeMs;
  return {
    unlisted: () => createHiding(decide.listLagMs(), now, () => counts.add('lists.lag')),
    copies() {
      const copies = decide.copies();
      if (copies.length !== 1) counts.add(copies.length === 0 ? 'webhooks.lose' : 'webhooks.twice');
      if (copies.some((ms) => ms > 0)) counts.add('webhooks.delay');
      return copies;
    },
    addTo(app, world) {
      addStartFaults(app, { decide, counts, pauses, turns, tick, lifeMs, onRead });
      addReadFaults(app, decide, counts);
      const ledger = () => ({ pipelines: pipelineLedger(world), faults: counts.all(), starts });
      addFaultRoutes(app, { put, ledger });
    },
    close() {
      pauses.close();
      turns.close();
    },
  };
}

/** Hides what is younger than a lag, and tells once when that hid anything. */
function createHiding(lagMs: number, now: () => number, tell: () => void): (createdAt: number) => boolean {
  let told = false;
  return (createdAt) => {
    const hidden = now() - createdAt < lagMs;
    if (hidden && !told) tell();
    told ||= hidden;
    return hidden;
  };
}
