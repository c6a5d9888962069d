import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { parse } from 'yaml';
import { chatReplyText, replyText } from '../../src/gitlab/log.ts';
import { exampleOf, freeTextExample } from './example.ts';
import { jobOf, targetOf } from './target.ts';

const run = { backend: 'web', weight: 10, chatops_run_id: 'r-1' };

const unsafe = { tag: '!unsafe', resolve: (text: string) => ({ unsafe: text }) };
const readExtraVars = (text: string): unknown => parse(text, { customTags: [unsafe] });

t.test('values that the example does not declare never start a pipeline', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml'));
  const refused = [
    { ...run, backend: 'web; touch /tmp/x' },
    { ...run, backend: 'web"\nevil: { script: [id] }' },
    { ...run, weight: '10; id' },
    { ...run, chatops_run_id: '"\nevil: { script: [id] }\n"' },
    { ...run, chatops_run_id: '' },
    { ...run, playbook: 'other.yml' },
    { weight: 10, chatops_run_id: 'r-1' },
  ];
  for (const inputs of refused) t.match(target.create({ inputs }), { ok: false }, JSON.stringify(inputs));
  t.strictSame(target.ci.pipelines(1), []);
});

t.test('a free text of several lines, which could add jobs, never starts a pipeline', async (t) => {
  const target = targetOf(t, freeTextExample());
  for (const note of ['a\nevil: { script: [id] }', 'a\u2028evil: {}', 'a\u0085b', '', ' a']) {
    t.match(
      target.create({ inputs: { note, chatops_run_id: 'r-1' } }),
      { ok: false },
      encodeURIComponent(note),
    );
  }
});

t.test('a change that does not hold fails the verification, and chat is told why', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml'));
  target.programs.remember('drift', '');
  const pipeline = await target.run({ inputs: run }, 'failed');
  t.equal(jobOf(pipeline, 'ansible-apply').status, 'success');
  const verify = jobOf(pipeline, 'ansible-verify');
  t.equal(verify.status, 'failed');
  t.equal(chatReplyText(verify.log), 'The change did not hold: a second check still finds differences');
});

t.test('a verification that reached no host is none', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml'));
  target.programs.remember('no-hosts', '');
  const pipeline = await target.run({ inputs: run }, 'failed');
  t.equal(chatReplyText(jobOf(pipeline, 'ansible-verify').log), 'The playbook reached no host');
});

t.test('a name in extra_vars that no variable has fails before Ansible runs', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml').replace('LB_BACKEND LB_WEIGHT', 'LB_BAKEND'));
  const pipeline = await target.run({ inputs: run }, 'failed');
  t.match(chatReplyText(jobOf(pipeline, 'ansible-check').log), 'extra_vars names LB_BAKEND');
  t.strictSame(target.programs.calls('ansible-playbook'), []);
});

t.test('the playbook is checked, applied and checked again, with the values as extra vars', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml'));
  const pipeline = await target.run({ inputs: run }, 'success');
  const calls = target.programs.calls('ansible-playbook');
  const common = ['--inventory', 'inventory', '--extra-vars', '@extra-vars.yml'];
  t.strictSame(
    calls.map(({ args }) => args),
    [
      [...common, '--check', '--diff', 'lb-weight.yml'],
      [...common, '--diff', 'lb-weight.yml'],
      [...common, '--check', 'lb-weight.yml'],
    ],
  );
  for (const { extraVars } of calls) {
    t.strictSame(readExtraVars(extraVars), { lb_backend: { unsafe: 'web' }, lb_weight: { unsafe: '10' } });
  }
  const reply = replyText(jobOf(pipeline, 'ansible-verify').log);
  t.match(reply, /^lb-1 : ok=2 +changed=0 .*\nlb-2 : ok=2 +changed=0 .*$/);
});

t.test('no extra vars are an empty mapping', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml').replace(', extra_vars: LB_BACKEND LB_WEIGHT', ''));
  await target.run({ inputs: run }, 'success');
  const [call] = target.programs.calls('ansible-playbook');
  t.strictSame(readExtraVars(call?.extraVars ?? ''), {});
});

/** One line each: what an input can hold. */
const hostileLines = (file: string): readonly string[] => [
  `web; touch ${file}`,
  `$(touch ${file})`,
  `\`touch ${file}\``,
  `"; touch ${file}; "`,
  `'; touch ${file}; '`,
  `", other: "evil" #`,
  '\\" , other: evil',
  "{{ lookup('pipe', 'id') }}",
  '--extra-vars=other=evil',
  `$FLAGS_TOKEN $$ \${HOME}`,
  '@/etc/passwd & | < > * ? ~ ! # %',
];

t.test('free text from an input arrives as it was typed, and nothing of it is run', async (t) => {
  const target = targetOf(t, freeTextExample());
  const file = join(target.programs.folder, 'pwned');
  for (const note of hostileLines(file)) {
    await target.run({ inputs: { note, chatops_run_id: 'r-1' } }, 'success');
    const call = target.programs.calls('ansible-playbook').at(-1);
    t.strictSame(readExtraVars(call?.extraVars ?? ''), { note: { unsafe: note } }, note);
    t.equal(call?.env.get('NOTE'), note);
    t.equal(call?.args.join(' '), '--inventory inventory --extra-vars @extra-vars.yml --check note.yml');
  }
  t.notOk(existsSync(file));
});

t.test('what comes as a pipeline variable, several lines too, arrives as it was typed', async (t) => {
  const target = targetOf(t, exampleOf('wait-ansible.yml'));
  const file = join(target.programs.folder, 'pwned');
  const text = [
    'one',
    `touch ${file}`,
    `$(touch ${file})`,
    '"two": "\\n"',
    '\tthree\r',
    '}',
    'other: evil',
    '',
  ].join('\n');
  await target.run({ inputs: run, variables: { LB_BACKEND: text } }, 'success');
  for (const call of target.programs.calls('ansible-playbook')) {
    t.strictSame(readExtraVars(call.extraVars), {
      lb_backend: { unsafe: text },
      lb_weight: { unsafe: '10' },
    });
  }
  t.notOk(existsSync(file));
});

/** Any text but `$`, which GitLab expands in variables, and NUL, which no environment holds. */
const anyText = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ unit: 'binary-ascii', maxLength: 30 }))
  .map((text) => text.replace(/[$\0]/g, '"'));

t.test('any texts at all arrive as they were', async (t) => {
  const property = fc.asyncProperty(fc.array(anyText, { minLength: 50, maxLength: 50 }), async (texts) => {
    const variables = Object.fromEntries(texts.map((text, index) => [`TEXT_${index}`, text]));
    const names = Object.keys(variables).join(' ');
    const target = targetOf(t, exampleOf('wait-ansible.yml').replace('LB_BACKEND LB_WEIGHT', names));
    await target.run({ inputs: run, variables }, 'success');
    const [call] = target.programs.calls('ansible-playbook');
    const expected = texts.map((text, index) => [`text_${index}`, { unsafe: text }]);
    t.strictSame(readExtraVars(call?.extraVars ?? ''), Object.fromEntries(expected));
  });
  await fc.assert(property, { numRuns: 5 });
});
