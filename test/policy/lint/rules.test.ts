import t from 'tap';
import { lbWeight, release } from '../fixtures.ts';
import { clean, type Files, findingsIn, placesIn, rows } from './fixtures.ts';

/** The rows of the clean policy end at line 9. */
const first = 10;

const commands = (more: string): Files => ({ 'commands/release.yml': release.replace('inputs:', more) });

/** What is found, as `line code` where it stands in policy.csv. */
const cases: readonly (readonly [name: string, files: Files, found: readonly string[]])[] = [
  [
    'a rule is not needless because of one that ends before it',
    rows(
      'p, gitlab:bo, slack:T1/CDEV, release, *, allow',
      'p, role:dev, *, release, *, allow, expires=2026-12-01',
    ),
    ['policy.csv:5 undated', `policy.csv:${first} undated`],
  ],
  [
    'a rule that ends first is needless beside one that stays',
    rows(
      'p, gitlab:bo, slack:T1/CDEV, release, *, allow, expires=2026-12-01',
      'p, role:dev, *, release, *, allow',
    ),
    ['policy.csv:5 undated', `policy.csv:${first} shadowed`],
  ],
  [
    'a rule is not needless because of a membership that ends',
    rows(
      'g, gitlab:cy, role:temp, expires=2026-12-01',
      'p, role:temp, *, release, *, allow',
      'p, gitlab:cy, *, release, *, allow, expires=2027-01-01',
    ),
    ['policy.csv:5 undated'],
  ],
  [
    'an allow that a deny covers only in part is not unreachable',
    rows('p, role:dev, *, release, *, allow', 'p, role:dev, *, release, dry = false, deny'),
    [],
  ],
  [
    'a deny that is asked first of an input that is not given covers it',
    rows(
      'p, role:dev, *, lb weight, note = x and weight = 3, allow',
      'p, *, *, lb weight, note = x or note != x, deny',
    ),
    [`policy.csv:${first} unreachable`],
  ],
  [
    'an input that is not given is seen by no allow',
    rows('p, role:dev, *, lb weight, note = x or note != x, allow', 'p, role:dev, *, lb weight, *, allow'),
    [`policy.csv:${first} shadowed`],
  ],
  [
    'two rules together can make a third needless',
    rows(
      'p, role:dev, *, lb weight, weight <= 50, allow',
      'p, role:dev, *, lb weight, weight > 50, allow',
      'p, role:dev, *, lb weight, env = production, allow',
    ),
    [`policy.csv:${first + 2} shadowed`],
  ],
  [
    'bounds of whole numbers are exact',
    rows(
      'p, role:dev, *, lb weight, weight > 10 and weight < 11, allow',
      'p, role:dev, *, lb weight, weight >= 100, allow',
    ),
    [`policy.csv:${first} never-holds`],
  ],
  [
    'what texts two patterns have in common cannot be said',
    rows('p, role:dev, *, lb weight, note matches re:a[a-z]*z and note matches re:[a-z]{18}, allow'),
    [],
  ],
  [
    'a membership is not needless because of one that ends',
    rows(
      'g, gitlab:cy, role:temp, expires=2026-12-01',
      'g, role:temp, role:sre',
      'g, gitlab:cy, role:sre, reason=on call',
    ),
    ['policy.csv:5 undated', `policy.csv:${first + 2} undated`],
  ],
  [
    'one input cannot have two values',
    rows('p, role:dev, *, lb weight, backend = web and backend = api, allow'),
    [`policy.csv:${first} never-holds`],
  ],
  [
    'a deny is not needless beside an allow',
    rows('p, role:dev, *, release, *, allow', 'p, role:dev, channels:dev, release, dry = true, deny'),
    [],
  ],
  [
    'a deny beside a wider deny is',
    rows('p, role:dev, *, release, *, deny', 'p, role:dev, channels:dev, release, dry = true, deny'),
    [`policy.csv:${first + 1} shadowed`],
  ],
  [
    'a repeated row is said once, at the later place',
    rows('p, role:dev, *, release, *, allow', 'p, role:dev, *, release, *, allow', 'g, gitlab:bo, role:dev'),
    [`policy.csv:${first + 1} repeated`, `policy.csv:${first + 2} repeated`],
  ],
  [
    'a membership that others give as well changes nothing',
    rows('g, gitlab:ana, role:sre'),
    [`policy.csv:${first} idle-row`],
  ],
  [
    'a role without people, through another role',
    rows('g, role:a, role:b', 'p, role:b, *, release, *, allow'),
    [`policy.csv:${first + 1} nobody-has-role`],
  ],
  [
    'a grant to everybody in every channel needs a reason, a deny does not',
    rows('p, *, *, release, dry = true, allow', 'p, *, *, release, dry = false, deny'),
    [`policy.csv:${first} broad-grant`],
  ],
  [
    'blanks inside quotes',
    rows(
      'p, role:dev, *, lb weight, "env = staging ", allow, "reason= why"',
      'p, role:dev, *, lb weight, "note = ""x """, allow',
    ),
    [
      `policy.csv:${first} blank-at-end`,
      `policy.csv:${first} blank-at-end`,
      `policy.csv:${first + 1} blank-at-end`,
    ],
  ],
  [
    'blanks at the ends of options and comments',
    {
      ...commands('inputs:\n  kind: { type: string, options: ["a ", b] }'),
      'policy.csv': `# why \n${clean}`,
    },
    ['commands/release.yml:1 blank-at-end', 'policy.csv:1 blank-at-end'],
  ],
  [
    'letters that look alike in options, comments, summaries and names of files',
    {
      ...commands('inputs:\n  kind: { type: string, options: [w\u0435b, w\u00e9b] }'),
      'policy.csv': `# p\u0430ge, страница\n${clean}`,
      'cases/c\u0430se.yml': '# \u0441ase of IP-адрес\n',
    },
    [
      'cases/c\u0430se.yml:1 homoglyph',
      'cases/c\u0430se.yml:1 homoglyph',
      'commands/release.yml:5 homoglyph',
      'policy.csv:1 homoglyph',
    ],
  ],
  [
    'characters that are written as their code',
    commands('inputs:\n  kind: { type: string, options: ["w\\u0435b", "a\\u202eb"] }'),
    ['commands/release.yml:1 hidden-character', 'commands/release.yml:1 homoglyph'],
  ],
  [
    'a look-alike in an id is said once',
    rows('p, role:d\u0435v, *, release, *, allow'),
    [`policy.csv:${first} homoglyph`],
  ],
  [
    'a hidden character in a command file is said once',
    { 'commands/lb-weight.yml': lbWeight.replace('name: lb', 'name: l\u200bb') },
    ['commands/lb-weight.yml:1 hidden-character', 'policy.csv:9 unknown-command'],
  ],
  [
    'a pattern that is the one of the input',
    rows('p, role:dev, *, release, version matches re:v[0-9]+, allow'),
    [`policy.csv:${first} needless-pattern`],
  ],
  [
    'a dangerous command is guarded by a condition, or by a deny for some input',
    {
      ...commands('danger: some\ninputs:'),
      'policy.csv': clean
        .replace('channels:ops, *, *,', 'channels:ops, release, dry = true,')
        .concat('p, role:sre, *, lb *, *, allow\n'),
    },
    [],
  ],
  [
    'a deny for some input is a guard rail',
    { ...rows('p, *, *, release, dry = false, deny'), ...commands('danger: high\ninputs:') },
    [],
  ],
];

for (const [name, files, found] of cases)
  t.test(name, async (t) => {
    t.same(placesIn(files), found);
  });

t.test('who is in a GitLab group today makes no row needless', async (t) => {
  t.same(placesIn(rows('g, gitlab:cy, role:sre'), [['gitlab:cy', 'gitlab-group:ops/sre']]), []);
});

t.test('a name is held against the spelling that GitLab has', async (t) => {
  const found = findingsIn(rows('p, gitlab:Cy, *, release, *, allow'), [
    ['gitlab:cy', 'gitlab-group:ops/sre'],
  ]);
  t.match(found, [
    { line: first, code: 'two-spellings', text: 'gitlab:Cy is also written gitlab:cy; these count as two' },
  ]);
  t.equal(found.length, 1);
});

t.test('mistakes and what is odd beside them are found at once', async (t) => {
  t.same(
    placesIn(
      rows(
        'p, *, *, release, *, allow',
        'p, role:dev, *, relese, *, allow',
        'p, role:dev, *, release, *, Allow',
      ),
    ),
    [
      `policy.csv:${first} broad-grant`,
      `policy.csv:${first + 1} unknown-command`,
      `policy.csv:${first + 2} effect`,
    ],
  );
});

t.test('of one code at most 200 are told, then how many more there are', async (t) => {
  const many = Array.from({ length: 1203 }, (_, at) => `p, *, *, release, version = v${at}, allow`);
  const found = findingsIn(rows(...many)).filter(({ code }) => code === 'broad-grant');
  t.equal(found.length, 201);
  t.equal(found.filter(({ text }) => text === 'and at least 1003 more of broad-grant').length, 1);
});
