import t from 'tap';
import { links } from '../fixtures.ts';
import { folderWith, mutationOf, rules } from './fixtures.ts';

const weak = `cases:
  - allow: { as: gitlab:ana, in: channels:ops, run: release v1 }
`;

const strong = `cases:
  - matrix: { as: [slack:T1/UANA], in: [slack:T1/COPS], run: [release v1, lb weight web 100, lb weight web 50 production] }
    expect: allow
    by: role:sre
  - matrix: { as: [slack:T1/UBO], in: [slack:T1/CDEV], run: [lb weight web 25] }
    expect: allow
    by: role:dev
  - matrix: { as: [slack:T1/UBO], in: [slack:T1/CDEV], run: [lb weight web 26, lb weight web 25 production, release v1] }
    expect: deny
  - matrix: { as: [slack:T1/UBO, slack:T1/UX], in: [slack:T1/COPS], run: [lb weight web 1, release v1] }
    expect: deny
  - matrix: { as: [slack:T1/UANA, slack:T1/UX], in: [slack:T1/CDEV], run: [lb weight web 1, release v1] }
    expect: deny
  - deny: { as: slack:T1/UANA, in: slack:T1/COPS, run: lb weight web 51 production }
    because: "denied-by: *, *, lb weight"
  - deny: { as: slack:T1/UANA, in: slack:T1/CDEV, run: lb weight web 51 production }
    because: "denied-by: *, *, lb weight"
`;

t.test('a weak suite leaves survivors, each told by its row and its change', async (t) => {
  const { survivors, ...counts } = mutationOf(folderWith(weak));
  t.strictSame(
    survivors.map(({ file, line, text }) => `${file}:${line} | ${text}`),
    [
      'policy.csv:8 (role:sre, channels:ops, *, *, allow) spoke of everyone',
      'policy.csv:8 (role:sre, channels:ops, *, *, allow) held in every channel',
      'policy.csv:9 (role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow) were dropped',
      'policy.csv:9 (role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow) said deny',
      'policy.csv:9 (role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow) spoke of everyone',
      'policy.csv:9 (role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow) held in every channel',
      'policy.csv:9 (role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow) held for every input',
      'policy.csv:10 (*, *, lb weight, env = production and weight > 50, deny) were dropped',
      'policy.csv:10 (*, *, lb weight, env = production and weight > 50, deny) said allow',
      'policy.csv:10 (*, *, lb weight, env = production and weight > 50, deny) held for every input',
      'policy.csv:4 (g, slack:T1/UBO, gitlab:bo) were dropped',
      'policy.csv:5 (g, gitlab:bo, role:dev) were dropped',
      'policy.csv:7 (g2, slack:T1/CDEV, channels:dev) were dropped',
    ].map((text) => `${text.slice(0, text.indexOf(' '))} | ${text}`),
  );
  t.strictSame(counts, { mutants: 21, noticed: 7, equivalent: 1, refused: 0, complete: true });
});

t.test('a strong suite leaves none', async (t) => {
  const mutation = mutationOf(folderWith(strong));
  t.strictSame(mutation, {
    mutants: 21,
    noticed: 20,
    equivalent: 1,
    refused: 0,
    survivors: [],
    complete: true,
  });
});

t.test('a failing case notices nothing', async (t) => {
  const failing = 'cases:\n  - deny: { as: gitlab:ana, in: channels:ops, run: release v1 }\n';
  t.match(mutationOf(folderWith(failing)), { noticed: 0, mutants: 21 });
});

t.test('a list of who can notices whoever comes or goes', async (t) => {
  const list = 'who_can:\n  - { run: release v1, in: channels:ops, exactly: [gitlab:ana] }\n';
  const { survivors } = mutationOf(folderWith(list));
  t.notMatch(
    survivors.map(({ text }) => text).join('\n'),
    /policy\.csv:(8 .*(dropped|deny|everyone)|[1236] )/,
  );
  t.match(survivors.map(({ text }) => text).join('\n'), /policy\.csv:8 .*every channel/);
});

const everything = (lines: readonly string[]): string => `${links}${lines.join('\n')}\n`;
const last = links.split('\n').length;

const unnoticeable: readonly (readonly [name: string, rows: readonly string[], text: RegExp])[] = [
  [
    'a rule stands there twice',
    ['p, role:sre, channels:ops, *, *, allow', 'p, role:sre, channels:ops, *, *, allow'],
    /allow\) were dropped/,
  ],
  [
    'a rule is covered by a wider one',
    ['p, role:sre, *, *, *, allow', 'p, role:sre, channels:ops, lb weight, weight < 3, allow'],
    new RegExp(`csv:${last + 1} .*dropped`),
  ],
  [
    'a rule is never reached because all of it is denied',
    [
      'p, *, channels:ops, *, *, deny',
      'p, role:sre, channels:ops, lb weight, *, allow',
      'p, *, channels:dev, release, *, allow',
    ],
    new RegExp(`csv:${last + 1} .*(dropped|deny|everyone|command)`),
  ],
  [
    'a row says what another says',
    ['p, role:sre, *, *, *, allow', 'g, gitlab:ana, role:sre'],
    /gitlab:ana, role:sre\) were dropped/,
  ],
  [
    'a row gives what no rule speaks of',
    ['p, role:sre, *, *, *, allow'],
    /g2, .* were dropped|gitlab:bo, role:dev\) were/,
  ],
  [
    'a rule has expired',
    ['p, role:sre, *, *, *, allow', 'p, *, *, release, *, allow, expires=2026-01-01'],
    /csv:9 /,
  ],
  [
    'a wider command would bring none that has the inputs',
    ['p, role:sre, *, lb weight, weight < 3 and env = staging, allow'],
    /every command/,
  ],
];

for (const [name, rows, text] of unnoticeable)
  t.test(`what changes no decision is no survivor: ${name}`, async (t) => {
    const { survivors, equivalent } = mutationOf(folderWith('cases: []\n', everything(rows)));
    t.notMatch(survivors.map((one) => one.text).join('\n'), text);
    t.ok(equivalent > 0);
  });

const noticeable: readonly (readonly [name: string, rows: readonly string[], text: RegExp])[] = [
  [
    'the wider rule ends before it',
    ['p, role:sre, *, *, *, allow, expires=2027-01-01', 'p, role:sre, channels:ops, lb weight, *, allow'],
    /csv:9 .*dropped/,
  ],
  [
    'the covering membership ends before it',
    [
      'g, role:sre, role:dev, expires=2027-01-01',
      'p, role:dev, *, *, *, allow',
      'p, role:sre, *, *, *, allow',
    ],
    /csv:10 .*dropped/,
  ],
  [
    'a deny does not cover an allow of another condition',
    ['p, *, *, lb weight, weight > 50, deny', 'p, role:sre, *, lb weight, env = staging, allow'],
    /csv:9 .*dropped/,
  ],
  ['an allow never covers a deny', ['p, *, *, *, *, allow', 'p, role:dev, *, *, *, deny'], /csv:9 .*dropped/],
  [
    'a wider command brings one through its other condition',
    [
      'p, role:sre, *, lb weight, weight < 3 or not env = staging, allow',
      'p, role:dev, *, release, *, allow',
    ],
    /csv:8 .*dropped/,
  ],
];

for (const [name, rows, text] of noticeable)
  t.test(`what changes a decision is a survivor: ${name}`, async (t) => {
    const { survivors } = mutationOf(folderWith('cases: []\n', everything(rows)));
    t.match(survivors.map((one) => one.text).join('\n'), text);
  });

t.test('what would not be loaded is no survivor', async (t) => {
  const only = mutationOf(folderWith('cases: []\n', everything(['p, *, *, lb weight, weight > 3, deny'])));
  t.notMatch(only.survivors.map(({ text }) => text).join('\n'), /deny\) were dropped|every command/);
  const role = everything(['p, *, *, *, *, allow', 'p, role:dev, *, *, *, deny']);
  const { survivors } = mutationOf(folderWith('cases: []\n', role));
  t.notMatch(survivors.map(({ text }) => text).join('\n'), /gitlab:bo, role:dev/);
  t.match(survivors.map(({ text }) => text).join('\n'), /slack:T1\/UBO, gitlab:bo/);
});

t.test('it ends when enough was tried, and says so', async (t) => {
  t.match(mutationOf(folderWith(weak), 5), { mutants: 5, complete: false });
  t.match(mutationOf(folderWith(weak), 21), { mutants: 21, complete: true });
});

t.test('a policy that cannot be compiled has no mutants', async (t) => {
  t.match(mutationOf(folderWith(weak, 'p, x\n')), { mutants: 0, complete: false });
});

t.test('memberships that stand in no row are not dropped', async (t) => {
  const { survivors } = mutationOf(
    folderWith(`given: { members: { ops/sre: [eve] } }\n${weak}`, links + rules),
  );
  t.notMatch(survivors.map(({ text }) => text).join('\n'), /gitlab:eve|\(cases\)/);
});
