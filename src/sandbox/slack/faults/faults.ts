import type { FastifyInstance } from 'fastify';
import { createCounts } from '../../faults/counts.ts';
import { createDice } from '../../faults/dice.ts';
import { addFaultRoutes } from '../../faults/routes.ts';
import { choose } from '../../faults/shares.ts';
import type { Workspace } from '../workspace.ts';
import { addCallFaults } from './call-hooks.ts';
import { calm, readSlackKnobs } from './knobs.ts';
import { watchMessages } from './ledger.ts';

/** Adds faults that `PUT /-/sandbox/faults` sets, none at first, and `GET /-/sandbox/ledger`, to the server. */
export function addFaults(app: FastifyInstance, workspace: Workspace): void {
  let knobs = calm;
  let dice = createDice(0);
  const faults = createCounts();
  const calls = createCounts();
  const messages = watchMessages(workspace);
  const put = (body: unknown): string | null => {
    const read = readSlackKnobs(body);
    if (!read.ok) return read.error;
    knobs = read.value;
    if (knobs.seed !== null) dice = createDice(knobs.seed);
    return null;
  };
  addCallFaults(app, { decide: () => choose(knobs.calls, dice('calls')), faults, calls });
  addFaultRoutes(app, {
    put,
    ledger: () => ({ messages: messages(), faults: faults.all(), calls: calls.all() }),
  });
}
