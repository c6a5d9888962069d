import t from 'tap';
import { compileFiles, filesWith, links, mistakesOf, today } from './fixtures.ts';

const day = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const midnight = Math.floor(today / day) * day + day;

const at = (csv: string, clock: { now: number }) => {
  const compiled = compileFiles(filesWith(links + csv), [], () => clock.now);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.policy;
};

const bo = { caller: 'slack:T1/UBO', channel: 'slack:T1/CDEV' };
const ana = { caller: 'slack:T1/UANA', channel: 'slack:T1/COPS' };
const release = { command: 'release', input: { version: 'v1', dry: false } };
const until = (moment: number): string => `expires=${dayOf(moment)}`;

t.test('a grant ends with the day it names', async (t) => {
  const clock = { now: today };
  const policy = at(`p, role:dev, *, release, *, allow, ${until(today)}\n`, clock);
  t.equal(policy.decide({ ...bo, ...release }).allowed, true, 'on the day');
  clock.now = midnight - 1;
  t.equal(policy.decide({ ...bo, ...release }).allowed, true, 'in its last millisecond');
  clock.now = midnight;
  const after = policy.decide({ ...bo, ...release });
  t.match(after, { allowed: false, rule: undefined }, 'the day after');
  t.same(after.allowed ? [] : after.near, [], 'and it is no remedy either');
  t.equal(policy.couldAllow({ ...bo, command: 'release' }), false, 'nor is the command offered');
});

t.test('a clock that is put back brings the grant back', async (t) => {
  const clock = { now: midnight };
  const policy = at(`p, role:dev, *, release, *, allow, ${until(today)}\n`, clock);
  t.equal(policy.decide({ ...bo, ...release }).allowed, false);
  clock.now = today;
  t.equal(policy.decide({ ...bo, ...release }).allowed, true);
});

t.test('a freeze ends by itself', async (t) => {
  const clock = { now: today };
  const policy = at(
    `p, role:dev, *, release, *, allow\np, *, *, release, *, deny, ${until(today)}, reason=frozen for the sale\n`,
    clock,
  );
  t.match(policy.decide({ ...bo, ...release }), { allowed: false, rule: { reason: 'frozen for the sale' } });
  clock.now = midnight;
  t.equal(policy.decide({ ...bo, ...release }).allowed, true);
});

t.test('a membership ends, of a person and of a channel', async (t) => {
  const clock = { now: today };
  const policy = at(
    `p, role:oncall, channels:war-room, release, *, allow
g, gitlab:bo, role:oncall, ${until(today)}
g2, slack:T1/CDEV, channels:war-room, ${until(today + 7 * day)}
g, gitlab:ana, role:oncall
g2, slack:T1/COPS, channels:war-room, ${until(today)}
`,
    clock,
  );
  t.equal(policy.decide({ ...bo, ...release }).allowed, true);
  t.same(policy.rolesOf(bo.caller), ['role:dev', 'role:oncall']);
  t.equal(policy.decide({ ...ana, ...release }).allowed, true);
  clock.now = midnight;
  t.equal(policy.decide({ ...bo, ...release }).allowed, false, 'bo is on call no more');
  t.same(policy.rolesOf(bo.caller), ['role:dev']);
  t.equal(policy.decide({ ...ana, ...release }).allowed, false, 'the channel is none for it any more');
  t.equal(policy.decide({ ...ana, channel: bo.channel, ...release }).allowed, true, 'the other still is');
});

t.test('a policy that was compiled after the end never allows', async (t) => {
  const policy = at(`p, role:dev, *, release, *, allow, ${until(today - 400 * day)}\n`, { now: today });
  t.equal(policy.decide({ ...bo, ...release }).allowed, false);
});

t.test('annotations that are written wrongly are mistakes', async (t) => {
  const table: readonly (readonly [name: string, row: string, expected: RegExp])[] = [
    ['a day that is none', 'p, *, *, release, *, allow, expires=2027-02-31', /expires= needs a day/],
    ['another way to write a day', 'p, *, *, release, *, allow, expires=31.01.2027', /expires= needs a day/],
    ['a day without a word', 'p, *, *, release, *, allow, 2027-01-31', /5 columns.*this has 6/],
    ['an empty reason', 'p, *, *, release, *, allow, reason=', /reason= needs a few words/],
    ['the same twice', 'p, *, *, release, *, allow, reason=a, reason=b', /reason= stands there twice/],
    ['one in place of the effect', 'p, *, *, release, *, reason=because', /5 columns.*this has 4/],
    ['one before the effect', 'p, *, *, release, *, reason=because, allow', /5 columns.*this has 6/],
    ['one in place of the group', 'g, slack:T1/UX, expires=2027-01-31', /2 columns.*not 1/],
    ['another word', 'p, *, *, release, *, allow, until=2027-01-31', /5 columns.*this has 6/],
    ['another spelling', 'p, *, *, release, *, allow, Expires=2027-01-31', /5 columns.*this has 6/],
  ];
  for (const [name, row, expected] of table)
    t.match(mistakesOf(`${links}p, role:dev, *, release, *, allow\n${row}\n`), [expected], name);
});

t.test('a reason with a comma stands in quotes', async (t) => {
  const policy = at('p, role:dev, *, release, *, allow, "reason=until hired, then reviewed"\n', {
    now: today,
  });
  t.match(policy.decide({ ...bo, ...release }), { rule: { reason: 'until hired, then reviewed' } });
});
