import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { until } from '../listeners/audit/entries.ts';
import { tokens } from '../sandbox/gitlab/fakes/policies.ts';
import { createPolicyWorld, csvWith, mayMove } from './policy-project-world.ts';

const alwaysAllow = 'p, *, *, *, *, allow\n';

t.test('what must hold of a commit, and nothing of it is used when it does not', async (t) => {
  const table: readonly {
    readonly name: string;
    readonly stage: string;
    readonly words: RegExp;
    readonly change: (world: Awaited<ReturnType<typeof createPolicyWorld>>) => Promise<unknown>;
  }[] = [
    {
      name: 'a push past the merge requests',
      stage: 'verify',
      words: /did not come into main by a merged merge request/,
      change: (world) => world.change('main', 'policy.csv', csvWith(90), tokens.ana),
    },
    {
      name: 'a merge by its own author',
      stage: 'verify',
      words: /was merged by its own author/,
      change: (world) => world.merge('policy.csv', csvWith(90), { author: tokens.ana, merger: tokens.ana }),
    },
    {
      name: 'a file that has no place there',
      stage: 'fetch',
      words: /has no place here/,
      change: (world) => world.merge('notes.txt', 'x'),
    },
    {
      name: 'a grant that lint refuses',
      stage: 'lint',
      words: /policy\.csv:1/,
      change: (world) => world.merge('policy.csv', alwaysAllow),
    },
    {
      name: 'a rule with a mistake',
      stage: 'lint',
      words: /the effect is/,
      change: (world) => world.merge('policy.csv', csvWith(90).replace('allow', 'alow')),
    },
    {
      name: 'a rule against which a case stands',
      stage: 'cases',
      words: /expected deny/,
      change: (world) => world.merge('policy.csv', csvWith(100)),
    },
  ];
  for (const { name, stage, words, change } of table) {
    const world = await createPolicyWorld(t);
    const gateway = await world.gateway();
    const before = gateway.current().revision;
    await change(world);
    gateway.hint();
    await until(() => world.told.posts.length > 0);
    t.equal(gateway.current().revision, before, `${name}: the revision stays`);
    t.equal(mayMove(gateway, 90), false, `${name}: nothing of it is allowed`);
    t.equal(mayMove(gateway, 25), true, `${name}: what was, still is`);
    t.match(gateway.standing(), new RegExp(`revision ${before} is in force.*not used \\(${stage}\\)`), name);
    t.match(world.told.audit.at(-1), { kind: 'policy', outcome: 'refused', stage }, `${name}: on record`);
    t.match(world.told.posts.join(), words, `${name}: the operators read why`);
    t.ok(world.told.stands.at(-1)?.endsWith(` ${stage}`), `${name}: the metric says ${stage}`);
    t.notMatch(readFileSync(join(world.cache, 'last-good-policy.json'), 'utf8'), /weight <= (90|100)/);
  }
});

t.test('a merged change is in force soon after the hint, under the name of its commit', async (t) => {
  const world = await createPolicyWorld(t);
  const gateway = await world.gateway();
  t.equal(gateway.current().revision, await world.head(), 'the first');
  t.equal(mayMove(gateway, 50), false);
  const head = await world.merge('policy.csv', csvWith(50));
  gateway.hints?.pushed?.('whatever it says');
  await until(() => gateway.current().revision === head);
  t.equal(mayMove(gateway, 50), true);
  t.match(world.told.audit.at(-1), { kind: 'policy', outcome: 'loaded', revision: head });
  t.equal(world.told.posts.length, 0, 'nobody is bothered');
  const { length } = world.asked;
  gateway.hint();
  await until(() => world.asked.length > length);
  await new Promise((resolve) => setTimeout(resolve, 200));
  t.same(
    world.asked.slice(length).filter((endpoint) => endpoint.includes('files')),
    [],
    'nothing is downloaded twice',
  );
});

t.test('two changes quickly one after the other end at the last', async (t) => {
  const world = await createPolicyWorld(t);
  const [one, other] = [await world.gateway(), await world.gateway()];
  await world.merge('policy.csv', csvWith(30));
  one.hint();
  other.hint();
  const head = await world.merge('policy.csv', csvWith(40));
  one.hint();
  other.hint();
  await until(() => [one, other].every(({ current }) => current().revision === head));
  t.equal(mayMove(one, 40) && mayMove(other, 40), true);
  t.equal(mayMove(one, 41) || mayMove(other, 41), false);
});

t.test('an outage is told once, whatever GitLab says each time, and its end once', async (t) => {
  const world = await createPolicyWorld(t);
  const gateway = await world.gateway();
  world.setAway(true);
  for (let times = 1; times <= 3; times++) {
    const { length } = world.asked;
    gateway.hint();
    await until(() => world.asked.length > length);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await until(() => gateway.failing() !== undefined);
  t.equal(world.told.posts.length, 1, 'told once');
  t.equal(mayMove(gateway, 25), true, 'the policy decides on');
  world.setAway(false);
  gateway.hint();
  await until(() => world.told.posts.length === 2);
  t.match(world.told.posts[1], /in force again/);
});

t.test('a start without GitLab has the last good policy, and says how old it is', async (t) => {
  const world = await createPolicyWorld(t);
  const first = await world.gateway();
  const { revision } = first.current();
  await until(() => existsSync(join(world.cache, 'last-good-policy.json')));
  await first.close();
  world.setAway(true);
  world.fake.clock.at += 3 * 3_600_000;
  const second = await world.gateway();
  t.equal(second.current().revision, revision);
  t.equal(mayMove(second, 25), true);
  t.match(second.standing(), /3 h old, from disk/);
  const head = await world.merge('policy.csv', csvWith(50));
  world.setAway(false);
  second.hint();
  await until(() => second.current().revision === head);
  t.notMatch(second.standing(), /from disk/);
});

t.test('a start without GitLab and without a kept policy that can be trusted is refused', async (t) => {
  const world = await createPolicyWorld(t);
  const path = join(world.cache, 'last-good-policy.json');
  const refused = { code: 'policies.invalid', message: /policy of chatops\/policies@main cannot be used/ };
  world.setAway(true);
  await t.rejects(world.gateway(), refused, 'nothing is kept');
  world.setAway(false);
  await (await world.gateway()).close();
  await until(() => existsSync(path));
  const kept = readFileSync(path, 'utf8');
  world.setAway(true);
  for (const [name, text] of [
    ['a rule that was changed', kept.replace('weight <= 25', 'weight <= 99')],
    ['half a file', kept.slice(0, kept.length / 2)],
    ['no seal', kept.slice(kept.indexOf('\n'))],
    ['nothing in it', ''],
  ] as const) {
    writeFileSync(path, text);
    await t.rejects(world.gateway(), refused, name);
  }
  writeFileSync(path, kept);
  await t.rejects(world.gateway({ secret: 'another' }), refused, 'kept under another secret');
  const gateway = await world.gateway();
  t.equal(mayMove(gateway, 25), true, 'untouched it is used');
});
