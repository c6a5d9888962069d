import t from 'tap';
import { links } from '../fixtures.ts';
import { failuresIn, rules } from './fixtures.ts';

const list = (exactly: string, where = 'slack:T1/COPS', run = 'release v1'): string =>
  `who_can:\n  - { run: "${run}", in: ${where}, exactly: [${exactly}] }\n`;

const open = `${links}${rules}p, *, channels:dev, release, *, allow\n`;
const second = `${links}${rules}g, slack:T1/UANA2, gitlab:ana\n`;
const apart = `${second}g, slack:T1/UANA2, role:frozen\np, role:frozen, *, *, *, deny\n`;

const wrong: readonly (readonly [name: string, cases: string, csv: string | undefined, got: string])[] = [
  ['somebody is missing', list(''), undefined, 'gitlab:ana is missing in the list'],
  ['somebody is too much', list('gitlab:ana, gitlab:bo'), undefined, 'gitlab:bo is too much in the list'],
  [
    'one for another',
    list('slack:T1/UBO'),
    undefined,
    'gitlab:ana is missing in the list; gitlab:bo is too much in the list',
  ],
  [
    'nobody knows the listed one',
    list('gitlab:ana, gitlab:eve'),
    undefined,
    'gitlab:eve is too much in the list',
  ],
  [
    'anybody may',
    list('gitlab:ana', 'channels:dev'),
    open,
    'anybody is missing in the list in slack:T1/CDEV; gitlab:ana is too much in the list in slack:T1/CDEV',
  ],
  [
    'not anybody may',
    list('anybody'),
    undefined,
    'gitlab:ana is missing in the list; anybody is too much in the list',
  ],
  [
    'anybody but somebody may',
    list('anybody', 'slack:T1/CDEV'),
    `${open}p, role:dev, *, release, *, deny\n`,
    'not gitlab:bo is missing in the list',
  ],
  [
    'one of two accounts may not',
    list('gitlab:ana'),
    apart,
    'slack:T1/UANA is missing in the list; gitlab:ana is too much in the list',
  ],
  [
    'one of two accounts is listed',
    list('slack:T1/UANA'),
    second,
    'gitlab:ana is missing in the list; slack:T1/UANA is too much in the list',
  ],
  ['the line cannot be read', list('gitlab:ana', 'slack:T1/COPS', 'release x'), undefined, 'cannot be read'],
  ['the set has no channel', list('', 'channels:none'), undefined, 'no channel is in channels:none'],
];

for (const [name, cases, csv, got] of wrong)
  t.test(`a list is wrong: ${name}`, async (t) => {
    const [failure = ''] = failuresIn(cases, csv);
    t.ok(failure.startsWith(`2: ${got}`), failure);
  });

const right: readonly (readonly [name: string, cases: string, csv?: string])[] = [
  ['a person', list('gitlab:ana')],
  ['a person by the account', list('slack:T1/UANA')],
  ['a person by all accounts', list('slack:T1/UANA, slack:T1/UANA2'), second],
  ['the only account of a person that may', list('slack:T1/UANA'), apart],
  ['nobody', list('', 'slack:T1/CDEV')],
  ['anybody', list('anybody', 'channels:dev'), open],
  [
    'anybody but somebody',
    list('anybody, not gitlab:bo', 'channels:dev'),
    `${open}p, role:dev, *, release, *, deny\n`,
  ],
  [
    'a person without an account, known from a group',
    list('gitlab:ana, gitlab:carol'),
    `${links}${rules}g, gitlab:carol, gitlab-group:ops/sre\n`,
  ],
];

for (const [name, cases, csv] of right)
  t.test(`a list is right: ${name}`, async (t) => {
    t.strictSame(failuresIn(cases, csv), []);
  });

t.test('somebody who gains access by another way breaks the list', async (t) => {
  t.strictSame(failuresIn(list('gitlab:ana')), []);
  t.strictSame(failuresIn(list('gitlab:ana'), `${links}${rules}g, gitlab:bo, gitlab-group:ops/sre\n`), [
    '2: gitlab:bo is missing in the list',
  ]);
});

t.test('a list that is wrong about many names a few', async (t) => {
  const many = Array.from({ length: 30 }, (_, at) => `g, gitlab:u${at}, role:sre\n`).join('');
  const [failure = ''] = failuresIn(list('gitlab:ana'), `${links}${rules}${many}`);
  t.match(failure, /^2: gitlab:u0 is missing in the list; .*; and 10 more$/);
  t.equal(failure.split(';').length, 21);
});
