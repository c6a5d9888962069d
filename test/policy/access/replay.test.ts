import t from 'tap';
import { type PastDecision, pastDecision, replay } from '../../../src/policy/access/replay.ts';
import { diffAsMarkdown, diffAsText } from '../../../src/policy/access/report.ts';
import { links, policyWith } from '../fixtures.ts';

const at = Date.UTC(2026, 10, 20, 9);
const decision = {
  run: 'ci_1',
  purpose: 'run',
  account: 'slack:T1/UBO',
  person: 'bo',
  channel: 'slack:T1/CDEV',
  command: 'lb weight',
  input: { backend: 'web', weight: 10, env: 'staging' },
  line: 'lb weight web 10 --env=staging',
  allowed: true,
};

const others: readonly (readonly [what: string, kind: string, told: Readonly<Record<string, unknown>>])[] = [
  ['another kind', 'state', decision],
  ['a question', 'decision', { ...decision, purpose: 'can-i' }],
  ['somebody canceling', 'decision', { ...decision, purpose: 'cancel' }],
  ['no input', 'decision', { ...decision, input: undefined }],
  ['a list for an input', 'decision', { ...decision, input: [1] }],
  ['an object in the input', 'decision', { ...decision, input: { weight: {} } }],
  ['no channel', 'decision', { ...decision, channel: null }],
  ['somebody called like a role', 'decision', { ...decision, account: 'role:sre' }],
];
for (const [what, kind, told] of others)
  t.test(`${what} is no past decision`, async (t) => t.equal(pastDecision(kind, at, told), undefined));

const past = (change: Partial<Record<keyof typeof decision, unknown>>): PastDecision => {
  const found = pastDecision('decision', at, { ...decision, ...change });
  if (found === undefined) throw new Error('not a decision');
  return found;
};

const before = policyWith(
  `p, role:dev, *, lb weight, weight <= 25, allow\np, *, *, release, *, allow\n${links}`,
);
const after = policyWith(
  `p, role:dev, *, lb weight, weight > 20, allow\np, *, *, release, *, allow\n${links}`,
);

const heavy = { input: { backend: 'web', weight: 60, env: 'staging' }, line: 'lb weight web 60' };

t.test('past decisions are put to both, and those that turn are told', async (t) => {
  const found = await replay(
    [
      past({}),
      past({ input: { ...decision.input, weight: 25 } }),
      past({ ...heavy, allowed: false }),
      past({ command: 'gone' }),
      past({ account: 'slack:T1/UNOBODY', person: null }),
    ],
    before,
    after,
  );
  t.same(found, {
    decisions: 5,
    changed: [
      { at: '2026-11-20T09:00:00.000Z', line: decision.line, who: 'bo', where: 'slack:T1/CDEV', now: false },
      { at: '2026-11-20T09:00:00.000Z', line: heavy.line, who: 'bo', where: 'slack:T1/CDEV', now: true },
    ],
  });
});

t.test('a replay is told in words', async (t) => {
  const told = {
    diff: { exact: true, unsure: [], changes: [] },
    replay: { replay: await replay([past({}), past(heavy)], before, after), days: 30 },
  };
  t.match(
    diffAsText(told),
    `Replay: 2 decisions of 30 days, 2 would be different now
    2026-11-20T09:00:00.000Z now denied: bo in slack:T1/CDEV: lb weight web 10 --env=staging
    2026-11-20T09:00:00.000Z now allowed: bo in slack:T1/CDEV: lb weight web 60
`,
  );
  t.match(
    diffAsMarkdown(told),
    `⚖️ Replay: 2 decisions of 30 days, 2 would be different now.
- now denied: \`bo\` in \`slack:T1/CDEV\`: \`lb weight web 10 --env=staging\``,
  );
});

t.test('what a command does not take any more is denied', async (t) => {
  const narrower = policyWith(`p, role:dev, *, lb weight, *, allow\n${links}`);
  const asked = (input: Readonly<Record<string, unknown>>) => replay([past({ input })], narrower, before);
  const ok = { backend: 'web', weight: 10 };
  t.match(await asked({ ...ok, env: 'staging' }), { changed: [] });
  t.match(await asked({ ...ok, weight: 101, env: 'staging' }), { changed: [] });
  t.match(await asked({ ...ok, env: 'staging', gone: true }), { changed: [] });
  t.match(await asked({ ...ok, weight: 26 }), { changed: [{ now: false }] });
});
