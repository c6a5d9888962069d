import t from 'tap';
import { links } from '../fixtures.ts';
import { failuresIn, reportOn, rules } from './fixtures.ts';

const one = (kind: 'allow' | 'deny', as: string, where: string, run: string, more = ''): string =>
  `cases:\n  - ${kind}: { as: "${as}", in: "${where}", run: "${run}" }\n${more === '' ? '' : `    ${more}\n`}`;

const sre = 'policy.csv:8 (role:sre, channels:ops, *, *, allow)';
const cap = 'policy.csv:10 (*, *, lb weight, env = production and weight > 50, deny)';

const failing: readonly (readonly [name: string, cases: string, got: string | RegExp])[] = [
  [
    'what should be allowed is denied',
    one('allow', 'gitlab:bo', 'slack:T1/COPS', 'lb weight web 10'),
    '2: denied: no rule allows it',
  ],
  [
    'what should be denied is allowed',
    one('deny', 'gitlab:ana', 'slack:T1/COPS', 'release v1'),
    `2: allowed by ${sre}`,
  ],
  [
    'another rule decides than the one that must',
    one('allow', 'gitlab:ana', 'slack:T1/COPS', 'release v1', 'by: role:dev, channels:dev'),
    `2: allowed by ${sre}`,
  ],
  [
    'the rule that must decide is named wrongly',
    one('allow', 'gitlab:ana', 'slack:T1/COPS', 'release v1', 'by: role:sre, channels:op'),
    `2: allowed by ${sre}`,
  ],
  [
    'a deny rule decides although none should be needed',
    one('deny', 'gitlab:ana', 'slack:T1/COPS', 'lb weight web 60 production', 'because: no-rule'),
    `2: denied by ${cap}`,
  ],
  [
    'no rule decides although a deny rule should',
    one('deny', 'gitlab:bo', 'slack:T1/COPS', 'release v1', 'because: "denied-by: *, *, lb weight"'),
    '2: denied: no rule allows it',
  ],
  [
    'a line that cannot be read is no denial',
    one('deny', 'gitlab:ana', 'slack:T1/COPS', 'lb weight web 101'),
    /^2: cannot be read: .*100/,
  ],
  [
    'nor is a command that there is not',
    one('deny', 'gitlab:ana', 'slack:T1/COPS', 'lb wieght web 1'),
    '2: cannot be read: there is no command "lb wieght"; did you mean lb weight?',
  ],
  [
    'nor is nothing but the slash command',
    one('deny', 'gitlab:ana', 'slack:T1/COPS', '/chatops'),
    /no command/,
  ],
  [
    'a line that can be read is no bad input',
    one('deny', 'gitlab:bo', 'slack:T1/COPS', 'release v1', 'because: bad-input'),
    '2: denied: no rule allows it',
  ],
  [
    'built-in commands are not decided by the policy',
    one('allow', 'gitlab:ana', 'slack:T1/COPS', 'help'),
    '2: help is built in; the policy does not decide about it',
  ],
  [
    'a channel set without channels proves nothing',
    one('deny', 'gitlab:ana', 'channels:none', 'release v1'),
    '2: no channel is in channels:none',
  ],
  [
    'the channel of a set that disagrees is named',
    one('deny', 'gitlab:ana', 'channels:all', 'release v1'),
    `2: allowed by ${sre} in slack:T1/COPS`,
  ],
];

const both = 'g2, slack:T1/CDEV, channels:all\ng2, slack:T1/COPS, channels:all\n';

for (const [name, cases, got] of failing)
  t.test(`a case fails: ${name}`, async (t) => {
    t.match(failuresIn(cases, links + rules + both), [got]);
  });

t.test('a failing case says what it expected and what comes nearest', async (t) => {
  const cases = one('allow', 'gitlab:bo', 'channels:dev', 'lb weight web 30', 'by: role:dv');
  const [result] = reportOn(cases).results;
  t.strictSame(result, {
    file: 'cases/a.yml',
    line: 2,
    suite: 'a',
    name: 'allow gitlab:bo in channels:dev: lb weight web 30',
    expected: 'allow by role:dv; no rule is written so',
    passed: false,
    got: 'denied: no rule allows it in slack:T1/CDEV',
    near: 'policy.csv:9 (role:dev, channels:dev, lb weight, env = staging and weight <= 25, allow) needs weight <= 25',
  });
});

const passing: readonly (readonly [name: string, cases: string])[] = [
  ['an account', one('allow', 'slack:T1/UANA', 'slack:T1/COPS', 'release v1')],
  [
    'a person, a set and a rule',
    one('allow', 'gitlab:ana', 'channels:ops', 'release v1', 'by: role:sre, channels:ops'),
  ],
  ['a rule by its place', one('allow', 'gitlab:ana', 'channels:ops', 'release v1', 'by: policy.csv:8')],
  [
    'a rule by all of its columns',
    one('allow', 'gitlab:ana', 'channels:ops', 'release v1', 'by: "role:sre, channels:ops, *, *, allow"'),
  ],
  ['the slash command before it', one('allow', 'gitlab:ana', 'channels:ops', '/chatops lb weight web 10')],
  ['as GitLab’s users type it', one('allow', 'gitlab:ana', 'channels:ops', 'run lb weight web 10')],
  ['both', one('allow', 'gitlab:ana', 'channels:ops', '/chatops run lb weight web weight=10')],
  ['a person whom nobody knows', one('deny', 'gitlab:eve', 'channels:ops', 'release v1', 'because: no-rule')],
  [
    'denied by a rule',
    one('deny', 'gitlab:ana', 'channels:ops', 'lb weight web 51 production', 'because: "denied-by: *, *"'),
  ],
  ['bad input', one('deny', 'gitlab:ana', 'channels:ops', 'lb weight web 101', 'because: bad-input')],
  [
    'a person made up for these cases',
    `given: { members: { gitlab-group:ops/sre: [gitlab:eve] } }\n${one('allow', 'gitlab:eve', 'channels:ops', 'release v1')}`,
  ],
  [
    'an account given a role',
    `given: { links: { slack:T1/UEVE: [role:sre] } }\n${one('allow', 'slack:T1/UEVE', 'channels:ops', 'release v1')}`,
  ],
];

for (const [name, cases] of passing)
  t.test(`a case passes: ${name}`, async (t) => {
    t.strictSame(failuresIn(cases), []);
  });

t.test('what one file gives holds in no other', async (t) => {
  const eve = (kind: 'allow' | 'deny'): string => one(kind, 'gitlab:eve', 'channels:ops', 'release v1');
  const { results } = reportOn({
    'cases/a.yml': `given: { members: { ops/sre: [eve] } }\n${eve('allow')}`,
    'cases/b.yml': eve('deny'),
  });
  t.strictSame(
    results.map(({ passed }) => passed),
    [true, true],
  );
});

t.test('every account of a person is asked', async (t) => {
  const second = `${links}g, slack:T1/UANA2, gitlab:ana\ng, slack:T1/UANA2, role:frozen\np, role:frozen, *, *, *, deny\n${rules}`;
  t.match(failuresIn(one('allow', 'gitlab:ana', 'slack:T1/COPS', 'release v1'), second), [
    /^2: denied by policy\.csv:10/,
  ]);
});

t.test('the day of a file decides what has expired', async (t) => {
  const csv = `${links}p, *, *, release, *, allow, expires=2026-12-01\n`;
  const on = (day: string, kind: 'allow' | 'deny'): string =>
    `at: ${day}\n${one(kind, 'gitlab:eve', 'slack:T1/C', 'release v1')}`;
  t.strictSame(failuresIn(on('2026-12-01', 'allow'), csv), []);
  t.strictSame(failuresIn(on('2026-12-02', 'deny'), csv), []);
  t.strictSame(failuresIn(one('allow', 'gitlab:eve', 'slack:T1/C', 'release v1'), csv), []);
});

t.test('a matrix asks everything about everybody, and each answer is told', async (t) => {
  const { results } = reportOn(
    'cases:\n  - matrix: { as: [gitlab:ana, gitlab:bo], in: [channels:ops, channels:dev], run: [release v1, lb weight web 1] }\n    expect: allow\n',
  );
  t.strictSame(
    results.filter(({ passed }) => passed).map(({ name }) => name),
    [
      'allow gitlab:ana in channels:ops: release v1',
      'allow gitlab:ana in channels:ops: lb weight web 1',
      'allow gitlab:bo in channels:dev: lb weight web 1',
    ],
  );
  t.equal(results.length, 8);
});

t.test('rules that decided no case are told; one that has expired does not count', async (t) => {
  const csv = `${links}${rules}p, role:dev, *, release, *, allow, expires=2026-01-01\n`;
  const { coverage } = reportOn(one('allow', 'gitlab:ana', 'channels:ops', 'release v1'), csv);
  t.match(
    { ...coverage, undecided: coverage.undecided.map(({ line }) => line) },
    { rules: 3, decided: 1, undecided: [9, 10] },
  );
});

t.test('what would take for ever is not run', async (t) => {
  const channels = Array.from({ length: 2001 }, (_, at) => `g2, slack:T1/C${at}, channels:all\n`).join('');
  const lines = Array.from({ length: 100 }, (_, at) => `lb weight web ${at}`).join(', ');
  const cases = `cases:\n  - matrix: { as: [gitlab:eve], in: [channels:all], run: [${lines}] }\n    expect: deny\n`;
  t.strictSame(failuresIn(cases, links + rules + channels), [
    '2: not run: all cases together may ask 200000 questions',
  ]);
});
