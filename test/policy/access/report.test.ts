import t from 'tap';
import { gatesHit, readGate } from '../../../src/policy/access/gates.ts';
import { diffFrom } from '../../../src/policy/access/later.ts';
import { diffAsJson, diffAsMarkdown, diffAsText } from '../../../src/policy/access/report.ts';
import { compileFiles, filesWith, links, today } from '../fixtures.ts';
import { dangers, outsideCode } from '../review/markdown.ts';

const partsOf = (csv: string, more: Readonly<Record<string, string>> = {}) => {
  const made = compileFiles(filesWith(csv, more));
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return made.parts;
};

const risky = {
  'commands/release.yml': `name: release
summary: Release a version
danger: high
mode: link
inputs:
  version: { type: string, pattern: 'v[0-9]+' }
  dry: { type: boolean, default: false }
pipeline: { project: ops/helm, ref: main }
`,
};

const before = partsOf(
  `p, role:sre, channels:ops, lb weight, *, allow
p, role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow
p, gitlab:bo, channels:ops, release, *, allow, expires=2026-12-31
p, slack:T1/UGUS, *, release, dry = true, allow
${links}`,
);
const after = partsOf(
  `p, role:sre, channels:ops, lb weight, *, allow
p, role:dev, channels:dev, lb weight, env = staging and weight <= 50, allow
p, gitlab:bo, channels:ops, release, *, allow
p, *, slack:T1/CDEV, release, version matches re:v1.*, allow
${links}g, slack:T1/UCY, role:sre
g, gitlab-group:ops/new, role:sre
`,
  risky,
);

const diff = diffFrom(before, after, today);

t.test('a change in text', async (t) => {
  t.equal(
    diffAsText({ diff }),
    `anybody gains something, 1 person loses something.
+ anybody gains release in slack:T1/CDEV where version matches re:"v1.*" (danger high)
    policy.csv:4 is new: *, slack:T1/CDEV, release, version matches re:v1.*, allow
    for example ana in slack:T1/CDEV: /chatops release v1
+ 1 person gains release in slack:T1/CDEV where version matches re:"v1.*" and dry = false: slack:T1/UGUS (danger high)
    policy.csv:4 is new: *, slack:T1/CDEV, release, version matches re:v1.*, allow
    for example slack:T1/UGUS in slack:T1/CDEV: /chatops release v1
- 1 person loses release in slack:T1/COPS and any other channel where dry = true: slack:T1/UGUS (danger high)
    policy.csv:4 is gone: slack:T1/UGUS, *, release, dry = true, allow
    for example slack:T1/UGUS in slack:T1/COPS: /chatops release v0 --dry=true
- 1 person loses release in slack:T1/CDEV where not version matches re:"v1.*" and dry = true: slack:T1/UGUS (danger high)
    policy.csv:4 is gone: slack:T1/UGUS, *, release, dry = true, allow
    for example slack:T1/UGUS in slack:T1/CDEV: /chatops release v0 --dry=true
+ 1 person and everybody in GitLab group ops/new gain lb weight in slack:T1/COPS: slack:T1/UCY
    policy.csv:12 is new: slack:T1/UCY in role:sre
    for example slack:T1/UCY in slack:T1/COPS: /chatops lb weight web 0
+ 1 person gains lb weight in slack:T1/CDEV where weight >= 26 and weight <= 50 and env = staging: bo
    policy.csv:2 is new: role:dev, channels:dev, lb weight, env = staging and weight <= 50, allow
    for example bo in slack:T1/CDEV: /chatops lb weight web 26
From 2027-01-01 on, when rows have expired:
+ 1 person gains release in slack:T1/COPS: bo (danger high)
    policy.csv:3 stands then: gitlab:bo, channels:ops, release, *, allow
    for example bo in slack:T1/COPS: /chatops release v0
Exact: every person, channel, command and kind of input was compared.
`,
  );
});

t.test('the same as a section of a note', async (t) => {
  const lines = diffAsMarkdown({ diff, commands: ['- `release`, `danger`: `none` → `high`'] }).split('\n');
  t.same(lines.slice(0, 3), [
    '- ➕ **anybody gains `release` in `slack:T1/CDEV` where `version matches re:"v1.*"`** ⚠️ danger high',
    '  - policy.csv:4 is new: `*, slack:T1/CDEV, release, version matches re:v1.*, allow`',
    '  - for example `ana` in `slack:T1/CDEV`: `/chatops release v1`',
  ]);
  t.same(lines.slice(-11), [
    '⏳ From 2027-01-01 on, when rows have expired:',
    '',
    '- ➕ **1 person gains `release` in `slack:T1/COPS`** — `bo` ⚠️ danger high',
    '  - policy.csv:3 stands then: `gitlab:bo, channels:ops, release, *, allow`',
    '  - for example `bo` in `slack:T1/COPS`: `/chatops release v0`',
    '',
    '🔧 What commands do differently:',
    '',
    '- `release`, `danger`: `none` → `high`',
    '',
    'Exact: every person, channel, command and kind of input was compared.',
  ]);
});

t.test('the same as data', async (t) => {
  const told = JSON.parse(diffAsJson({ diff }, ['gain: x']));
  t.match(told, { exact: true, unsure: [], gates: ['gain: x'], commands: [] });
  t.match(told.changes.at(-1), {
    direction: 'gain',
    command: 'lb weight',
    danger: 'none',
    people: [{ kind: 'person', id: 'slack:T1/UBO', name: 'bo' }],
    channels: [{ kind: 'channel', id: 'slack:T1/CDEV' }],
    everywhere: false,
    inputs: 'weight >= 26 and weight <= 50 and env = staging',
    causes: [{ kind: 'rule', change: 'new', rule: { file: 'policy.csv', line: 2 } }],
    witness: { line: 'lb weight web 26' },
  });
  t.match(told.later, [{ from: Date.UTC(2027, 0, 1), changes: [{ command: 'release' }] }]);
});

t.test('nothing changes: it says so', async (t) => {
  const same = diffFrom(before, before, today);
  t.match(diffAsText({ diff: same }), /^nobody gains or loses anything\.\nExact: /);
  t.match(diffAsMarkdown({ diff: same }), /^Nobody gains or loses anything\.\n\nExact: /);
});

const hostile = ['@all `x` <b>[a](http://x)</b>', '``` ~~~ **', '</details><script>', '/close', '<!-- x'];

for (const text of hostile)
  t.test(`text of a policy does nothing but be read: ${JSON.stringify(text)}`, async (t) => {
    const condition = `note = ${JSON.stringify(text)}`.replaceAll('"', '""');
    const changed = partsOf(`p, role:sre, channels:ops, lb weight, "${condition}", allow\n${links}`);
    const note = diffAsMarkdown({ diff: diffFrom(before, changed, today) });
    t.match(note, /➖/);
    const framed = `<!-- chatops-policy-review -->\n<!-- source a target b -->\n${note}`;
    t.same(dangers(framed, 'http://x'), []);
    t.notMatch(outsideCode(note), /evil|all|script/);
    t.notMatch(diffAsText({ diff: diffFrom(before, changed, today) }), /[\u0000-\u0009\u001b\u202e]/);
  });

t.test('many changes are counted, not all are shown', async (t) => {
  const users = Array.from(
    { length: 300 },
    (_, at) => `p, slack:T1/U${at}, *, lb weight, weight = ${at % 101}, allow`,
  );
  const many = diffFrom(partsOf(`p, role:x, *, release, *, allow\n`), partsOf(users.join('\n')), today);
  t.equal(many.changes.length, 102);
  const note = diffAsMarkdown({ diff: many });
  t.match(note, /<details><summary>82 more<\/summary>/);
  const one = many.changes[0];
  const much = {
    ...many,
    changes: Array.from({ length: 250 }, () => one).filter((change) => change !== undefined),
  };
  t.match(diffAsText({ diff: much }), /\nand 50 more changes\n/);
});

const gates: readonly (readonly [gates: readonly string[], hit: readonly RegExp[]])[] = [
  [['gain:lb *'], [/^gain:lb \*: 1 person and everybody in GitLab group ops\/new gain lb weight/]],
  [['lose:lb weight'], []],
  [['lose'], [/^lose: 1 person loses release in slack:T1\/COPS and any other channel where dry = true$/]],
  [
    ['gain:release', 'lose:release'],
    [/^gain:release: anybody gains/, /^lose:release: /],
  ],
];
for (const [texts, hit] of gates)
  t.test(`gates: ${texts.join(', ')}`, async (t) => {
    const found = gatesHit(
      texts.flatMap((text) => readGate(text) ?? []),
      diff,
    );
    t.equal(found.length, hit.length, found.join('\n'));
    for (const [at, shape] of hit.entries()) t.match(found[at], shape);
  });

t.test('a gate sees what comes later, and what could not be compared', async (t) => {
  const [gate] = [readGate('gain:release')].filter((one) => one !== undefined);
  if (gate === undefined) throw new Error('no gate');
  const later = diffFrom(
    partsOf(`p, gitlab:bo, *, release, *, allow, expires=2026-12-31\n${links}`),
    partsOf(`p, gitlab:bo, *, release, *, allow\n${links}`),
    today,
  );
  t.same(later.changes, []);
  t.match(
    diffAsText({ diff: later }),
    /^nobody gains or loses anything now, but later\.\nFrom 2027-01-01 on, /,
  );
  t.match(diffAsMarkdown({ diff: later }), /^Nobody gains or loses anything now, but later\.\n\n⏳ From /);
  t.same(gatesHit([gate], later), [
    'gain:release: from 2027-01-01 on, 1 person gains release in every channel',
  ]);
  const blind = { exact: false, unsure: ['release'], changes: [] };
  t.same(gatesHit([gate], blind), ['gain:release: release could not be compared completely']);
  for (const wrong of ['', 'gain:', 'win', 'gain:LB', 'gain lb', 'lose:*x'])
    t.equal(readGate(wrong), undefined, wrong);
});
