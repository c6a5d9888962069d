import { join } from 'node:path';
import t from 'tap';
import { runCampaign } from './campaign.ts';
import { freshSeed } from './dice.ts';
import { keepAll } from './keep.ts';
import { shortPlan } from './plans.ts';
import { table } from './report.ts';

const seed = process.env.SEED ?? freshSeed(Date.now());
t.comment(`SEED=${seed} npx tap test/faults/short.test.ts throws the same dice again`);

const shown = await runCampaign(shortPlan(seed, join(t.testdir(), 'world')));
for (const line of table(shown).split('\n')) t.comment(line);
if (shown.violations.length > 0) t.comment(`everything that was left behind is in ${keepAll(shown)}`);

t.test('no promise is broken', async (t) => {
  t.same(shown.violations, []);
  t.same(shown.doubts, []);
});

t.test('there was something to survive', async (t) => {
  const happened = new Set(shown.happenings.map(({ what }) => what));
  t.ok(shown.happenings.length > 20);
  for (const what of ['kill', 'stop']) t.ok(happened.has(what), what);
  t.ok(happened.has('redis kill') || happened.has('redis cut'), 'Redis was killed');
  t.ok(Object.keys(shown.gitlabFaults).length >= 5, 'GitLab misbehaved in many ways');
  t.ok(shown.ledgers.pipelines.length > 300);
});
