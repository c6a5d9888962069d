import { join } from 'node:path';
import t from 'tap';
import { type Plan, runCampaign } from './campaign.ts';
import { freshSeed } from './dice.ts';
import { forgetfulPlan, lossyPlan } from './plans.ts';
import { hastyTimes } from './times.ts';
import type { Violation } from './violation.ts';

// A harness that finds nothing may be blind. Here it must find what it looks for as soon as one rule is switched off.
const seed = process.env.SEED ?? freshSeed(Date.now());
t.comment(`SEED=${seed} npx tap test/faults/controls.test.ts throws the same dice again`);
const dir = t.testdir();

const violations = async (name: string, plan: Plan): Promise<readonly Violation[]> => {
  const shown = await runCampaign({ ...plan, dir: join(dir, name) });
  const found = shown.violations;
  const duplicates = found.filter(({ broken }) => broken === 'duplicate').length;
  t.comment(`${name}: ${duplicates} commands with duplicates, ${shown.ledgers.pipelines.length} pipelines`);
  t.same(shown.doubts, [], 'the machine was fast enough');
  return found;
};

const isDuplicate = ({ broken }: Violation): boolean => broken === 'duplicate';

const [lossy, forgetful] = [lossyPlan(seed, ''), forgetfulPlan(seed, '')];

t.test('lost answers and late pipelines', async (t) => {
  t.same(await violations('every rule on', lossy), []);
  const hasty = await violations('without the quarantine', { ...lossy, times: hastyTimes });
  t.ok(hasty.some(isDuplicate), 'without the quarantine there are duplicates');
  const repeating = await violations('a client that repeats', { ...lossy, blind: 'requester' });
  t.ok(repeating.some(isDuplicate), 'with a client that repeats a POST there are duplicates');
});

t.test('a Redis that loses its last writes', async (t) => {
  t.same(await violations('every rule on, forgetful', forgetful), []);
  const believing = await violations('Redis is believed', { ...forgetful, blind: 'generation' });
  t.ok(believing.some(isDuplicate), 'when it is believed all the same there are duplicates');
});
