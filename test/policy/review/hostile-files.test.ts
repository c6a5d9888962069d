import t from 'tap';
import { carryOut } from '../../../src/policy/review/tasks.ts';
import { dangers } from './markdown.ts';
import { about } from './reviews.ts';
import { around, csv, policyWith } from './small-policy.ts';

const nested = (depth: number): string => `name: x\nsummary: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
const hostileCase = '  - { deny: { as: slack:T1/U9, in: slack:T1/C9, run: "/approve @all" } }\n';

const hostile: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'a pattern meant to hang',
    { 'policy.csv': `${csv}p, *, *, lb weight, env matches re:(a+)+$ and (, allow\n` },
  ],
  ['deep nesting', { 'commands/x.yml': nested(50_000) }],
  ['many anchors', { 'commands/x.yml': `a: &a [x]\n${'b: [*a, *a, *a]\n'.repeat(2000)}` }],
  ['many mistakes', { 'policy.csv': csv + 'p, role:dev, @all, /approve, `, maybe\n'.repeat(50_000) }],
  ['many cases', { 'cases/x.yml': `cases:\n${hostileCase.repeat(5000)}` }],
  [
    'a long condition',
    { 'policy.csv': `${csv}p, role:dev, *, lb weight, ${'not '.repeat(900)}weight = 1, allow\n` },
  ],
  [
    'a quick action as a name',
    { 'commands/x.yml': 'name: /approve\nsummary: "@all"\nmode: wait\n/merge: </details>\n' },
  ],
  [
    'a case that says too much',
    {
      'cases/x.yml':
        'cases:\n- { allow: { as: slack:T1/UBO, in: slack:T1/COPS, run: "/approve `@all` <b>" } }\n',
    },
  ],
  ['a file named like a link', { 'commands/[x](javascript:y).yml': '<!-- chatops-policy-review -->' }],
];

t.test('hostile files end in a verdict, and never in a long or dangerous note', async (t) => {
  for (const [name, files] of hostile) {
    const after = policyWith(files);
    const answer = await carryOut(
      { kind: 'review', ...around, before: policyWith(), after, failOn: [], about },
      () => 0,
    );
    t.match(answer, { ok: false }, name);
    if ('note' in answer) t.same(dangers(answer.note, about.page ?? ''), [], name);
    const checked = await carryOut({ kind: 'check', ...around, files: after }, () => 0);
    t.match(checked, { ok: false }, name);
    t.ok(JSON.stringify([answer, checked]).length < 100_000, 'what comes back is small');
  }
});

const command = `
name: say
summary: "@all </details>"
mode: wait
inputs:
  text: { type: string }
pipeline: { project: ops/ansible, ref: "main", pass: inputs }
examples: [ say x ]
`;

t.test('a policy that is right, and says hostile things, is only shown', async (t) => {
  const texts = [
    '</details> @all',
    '/approve',
    '[x](http://evil.test)',
    '<!-- chatops-policy-review -->',
    '` @all',
  ];
  const rules = texts.map(
    (text, at) => `p, role:dev, channels:ops, say, "text = ""${text}""", ${at % 2 ? 'deny' : 'allow'}`,
  );
  const reason = 'p, role:sre, channels:ops, say, *, allow, "reason=@all </details> /approve"';
  const after = policyWith({
    'commands/say.yml': command,
    'policy.csv': `${csv}${rules.join('\n')}\n${reason}\n`,
  });
  const answer = await carryOut(
    { kind: 'review', ...around, before: policyWith(), after, failOn: [], about },
    () => 0,
  );
  t.match(answer, { ok: true, note: /say.* is new/ });
  t.same(dangers('note' in answer ? answer.note : '', about.page ?? ''), []);
  t.match('note' in answer ? answer.note : '', /evil\.test/, 'it is shown');
});
