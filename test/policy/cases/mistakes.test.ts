import t from 'tap';
import { mistakesIn } from './fixtures.ts';

const line = 'cases: [{ allow: { as: gitlab:ana, in: channels:ops, run: lb weight web 1 } }]\n';

const wrong: readonly (readonly [name: string, text: string, ...mistakes: readonly (string | RegExp)[]])[] = [
  ['no YAML', 'cases: [', /^cases\/a\.yml:\d+: /],
  ['not a table', '- a\n', 'cases/a.yml:1: a file of cases begins with keys such as cases: and who_can:'],
  ['empty', '', 'cases/a.yml:1: a value is missing'],
  ['nothing to test', 'suite: x\n', 'cases/a.yml:1: holds no cases; it needs cases: or who_can:'],
  ['an unknown key', `${line}case: []\n`, /^cases\/a\.yml:2: case: unknown key .*; did you mean cases\?$/],
  ['a day that there is not', `at: 2026-02-31\n${line}`, /^cases\/a\.yml:1: at: "2026-02-31" must be a day/],
  ['a case that is a text', 'cases:\n  - allow\n', /^cases\/a\.yml:2: a case is a table/],
  [
    'neither allow nor deny',
    'cases:\n  - by: x\n',
    /^cases\/a\.yml:2: a case has one of allow, deny and matrix/,
  ],
  [
    'allow and deny at once',
    'cases:\n  - allow: { as: gitlab:a, in: channels:ops, run: x }\n    deny: {}\n',
    'cases/a.yml:2: a case has one of allow, deny and matrix',
  ],
  [
    'nothing said',
    'cases:\n  - deny: {}\n',
    'cases/a.yml:2: deny.as is missing',
    'cases/a.yml:2: deny.in is missing',
    'cases/a.yml:2: deny.run is missing',
  ],
  [
    'ids of the wrong kind',
    'cases:\n  - deny: { as: role:sre, in: "#ops", run: "" }\n',
    /2: deny\.as: "role:sre" must be an account/,
    /2: deny\.in: "#ops" must be a channel/,
    /2: deny\.run: is empty/,
  ],
  [
    'an unknown key of a line',
    'cases:\n  - deny: { as: gitlab:a, in: channels:ops, run: x, by: y }\n',
    /unknown key/,
  ],
  [
    'a number where a line is meant',
    'cases:\n  - deny: { as: gitlab:a, in: channels:ops, run: 3 }\n',
    /2: deny\.run: "3" is a number for YAML; put it in quotes/,
  ],
  [
    'because with allow',
    'cases:\n  - allow: { as: gitlab:a, in: channels:ops, run: x }\n    because: no-rule\n',
    'cases/a.yml:3: because: goes with deny; allow takes by',
  ],
  [
    'by with deny',
    'cases:\n  - deny: { as: gitlab:a, in: channels:ops, run: x }\n    by: role:sre\n',
    'cases/a.yml:3: by: goes with allow; deny takes because',
  ],
  [
    'an unknown reason',
    'cases:\n  - deny: { as: gitlab:a, in: channels:ops, run: x }\n    because: norule\n',
    /3: because: "norule" must be no-rule, bad-input or denied-by: <the rule>; did you mean no-rule\?/,
  ],
  [
    'denied by nothing',
    'cases:\n  - deny: { as: gitlab:a, in: channels:ops, run: x }\n    because: { denied: x }\n',
    /3: because\.denied: unknown key/,
    /because\.denied-by is missing/,
  ],
  [
    'expect without a matrix',
    'cases:\n  - deny: { as: gitlab:a, in: channels:ops, run: x }\n    expect: deny\n',
    'cases/a.yml:3: expect: goes with matrix',
  ],
  [
    'a matrix without expect',
    'cases:\n  - matrix: { as: [gitlab:a], in: [channels:ops], run: [x] }\n',
    'cases/a.yml:2: expect is missing',
  ],
  [
    'a matrix that expects something else',
    'cases:\n  - matrix: { as: [gitlab:a], in: [channels:ops], run: [x] }\n    expect: maybe\n',
    'cases/a.yml:3: expect: "maybe" must be allow or deny',
  ],
  [
    'a matrix that would be passed without a question',
    'cases:\n  - matrix: { as: [], in: gitlab:ops, run: [x] }\n    expect: deny\n',
    /2: matrix\.as: needs a list with at least one entry/,
    /2: matrix\.in: must be a list/,
    /2: matrix\.in: needs a list/,
  ],
  [
    'who_can without a list',
    'who_can:\n  - { run: x, in: channels:ops }\n',
    'cases/a.yml:2: exactly is missing',
  ],
  [
    'who_can with a role',
    'who_can:\n  - { run: x, in: channels:ops, exactly: [role:sre] }\n',
    /2: exactly: "role:sre" must be an account.*or anybody$/,
  ],
  [
    'not somebody without anybody',
    'who_can:\n  - { run: x, in: channels:ops, exactly: [not gitlab:bo] }\n',
    /2: exactly: "not …" goes with anybody/,
  ],
  [
    'given members that are no names',
    `given: { members: { "ops sre": [ana], app/dev: [3] } }\n${line}`,
    /1: "gitlab:ana" cannot belong to "gitlab-group:ops sre"/,
    /1: app\/dev: "3" is a number for YAML/,
  ],
  [
    'given links that a g row could not be',
    `given:\n  links:\n    role:sre: gitlab:ana\n  member: {}\n${line}`,
    /3: "role:sre" cannot belong to "gitlab:ana"/,
    /4: given\.member: unknown key .*did you mean members\?/,
  ],
  [
    'an account given to a second person',
    `given:\n  links: { slack:T1/UANA: gitlab:bo }\n${line}`,
    'cases/a.yml:2: slack:T1/UANA is gitlab:ana already; it can be one person only',
  ],
  [
    'a cycle that only the given rows close',
    `given:\n  links: { gitlab-group:b: gitlab-group:a, gitlab-group:a: gitlab-group:b }\n${line}`,
    /cycle/,
    /cycle/,
  ],
];

for (const [name, text, ...mistakes] of wrong)
  t.test(`a file of cases is refused: ${name}`, async (t) => {
    const found = mistakesIn(text);
    t.equal(found.length, mistakes.length, found.join('\n'));
    for (const [index, mistake] of mistakes.entries()) t.match(found[index], mistake);
  });

t.test('all mistakes of all files come at once, in their order', async (t) => {
  t.match(mistakesIn({ 'cases/a.yml': 'x: 1\n', 'cases/b.yaml': 'cases:\n  - 1\n' }), [
    /a\.yml:1: x: unknown key/,
    /a\.yml:1: holds no cases/,
    /b\.yaml:2: a case is a table/,
  ]);
});

t.test('a policy that cannot be compiled tells why, and nothing is run', async (t) => {
  t.match(mistakesIn(line, 'p, role:sre, channels:ops, *, *, alow\n'), [
    /^policy\.csv:1: the effect is "alow"/,
  ]);
});

t.test('what a hostile file could do', async (t) => {
  const hundred = (what: string): string => Array.from({ length: 100 }, (_, at) => `${what}${at}`).join(', ');
  const huge = `cases:\n  - matrix: { as: [${hundred('gitlab:u')}], in: [${hundred('slack:T1/C')}], run: [${hundred('x')}] }\n    expect: deny\n  - deny: {}\n`;
  t.strictSame(mistakesIn(huge), ['cases/a.yml:2: there are more than 10000 cases in all files together']);
  t.match(mistakesIn(`cases: [${'{'.repeat(600)}`), [
    /1: holds more than 500 opening brackets; use a matrix/,
  ]);
  t.match(mistakesIn(`cases:\n${'# text\n'.repeat(5000)}`), [/1: is larger than 32768 bytes; use a matrix/]);
  t.match(mistakesIn(`cases: &a [*a]\n`), [/1: anchors/]);
});

t.test('ten thousand cases are not too many, one more is', async (t) => {
  const many = (count: number): string => Array.from({ length: count }, (_, at) => `x${at}`).join(', ');
  const matrix = (people: number, lines: number): string =>
    `cases:\n  - matrix: { as: [gitlab:a${'x'}], in: [${Array.from({ length: people }, (_, at) => `slack:T1/C${at}`).join(', ')}], run: [${many(lines)}] }\n    expect: deny\n`;
  t.strictSame(mistakesIn(matrix(100, 100)), []);
  const one = 'cases:\n  - deny: { as: gitlab:a, in: slack:T1/C, run: x }\n';
  t.match(mistakesIn({ 'cases/a.yml': matrix(100, 100), 'cases/b.yml': one }), [
    /^cases\/b\.yml:2: there are more/,
  ]);
});
