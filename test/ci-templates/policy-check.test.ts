import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { exampleOf } from './example.ts';
import { documentsOf, type Ended, projectOf, readTemplate } from './policy-project.ts';

/** A program that only tells what it was asked, and fails: also then a job must have written its reports. */
const failing = `const [, , ...args] = process.argv;
console.log('asked: ' + JSON.stringify(args));
process.exit(1);
`;

for (const folder of ['policies', '.'])
  t.test(`a change that breaks a rule's case fails its job, with a report (folder ${folder})`, async (t) => {
    const project = projectOf(t, folder);
    project.addPolicies();
    project.change('policy.csv', (csv) => csv.replace('weight <= 25', 'weight <= 20'));
    for (const shell of ['bash', 'sh']) {
      const { status, log } = project.run('policy-test', {}, '', shell);
      t.equal(status, 1);
      t.match(log, /cases\/access\.yml:\d+ {2}allow gitlab:bo in channels:dev: lb weight web 25/);
      const file = folder === '.' ? 'cases/access.yml' : 'policies/cases/access.yml';
      t.match(
        project.read('policy-tests.xml'),
        new RegExp(`failures="1".*<testcase [^>]*file="${file}"`, 's'),
      );
    }
  });

t.test('a mistake fails the job, with a report for the merge request', async (t) => {
  const project = projectOf(t, 'policies');
  project.addPolicies();
  t.match(project.run('policy-lint', {}), { status: 0 });
  t.strictSame(JSON.parse(project.read('code-quality.json')), []);
  project.change('policy.csv', (csv) => `${csv}p, role:sre, *, *, *, alow\n`);
  t.match(project.run('policy-lint', {}), { status: 1, log: /policy\.csv:\d+: .*"alow"/ });
  t.match(JSON.parse(project.read('code-quality.json')), [{ location: { path: 'policies/policy.csv' } }]);
});

t.test('a minimum that is missed fails the job, and the report says so', async (t) => {
  const project = projectOf(t, 'policies');
  project.addPolicies();
  project.change('policy.csv', (csv) => `${csv}p, role:dev, channels:dev, hello, who = x, allow\n`);
  t.match(project.run('policy-test', { min_coverage: 100 }), { status: 1, log: /missed +coverage/ });
  t.match(
    project.read('policy-tests.xml'),
    /<testcase classname="minimums" name="coverage is at least 100 %"[^/]*>\n *<failure/,
  );
});

t.test('policies as they are shipped pass', async (t) => {
  const project = projectOf(t, 'policies');
  project.addPolicies();
  const { status, log } = project.run('policy-test', { min_coverage: 100, min_mutation: 100 });
  t.equal(status, 0, log);
  t.match(log, /45 cases, all passed/);
  t.match(project.read('policy-tests.xml'), /tests="47" failures="0"/);
});

t.test('the file of members is used', async (t) => {
  const project = projectOf(t, 'policies');
  project.addPolicies();
  writeFileSync(join(project.path, 'members.yml'), 'ops/sre: [carol]\n');
  t.match(project.run('policy-test', { members: 'members.yml' }), {
    status: 1,
    log: /gitlab:carol is missing/,
  });
  t.match(project.run('policy-test', { members: 'nobody.yml' }), { status: 2, log: /--members nobody\.yml/ });
});

for (const folder of ['policies', '.'])
  t.test(`the policies before are those of the merge request's base (folder ${folder})`, async (t) => {
    const project = projectOf(t, folder);
    project.addPolicies();
    const base = project.commit('before');
    project.change('policy.csv', (csv) => csv.replace('weight <= 25', 'weight <= 30'));
    project.commit('after');
    for (const shell of ['bash', 'sh']) {
      const { status, log } = project.run('policy-before', {}, base, shell);
      t.equal(status, 0, log);
      t.match(project.read('before/policy.csv'), /weight <= 25/);
      t.match(readFileSync(join(project.path, folder, 'policy.csv'), 'utf8'), /weight <= 30/);
      t.notOk(project.has('before/.git'));
      t.equal(project.git('worktree', 'list').split('\n').length, 1);
    }
  });

t.test('without policies before there is nothing to compare, and that is no failure', async (t) => {
  const project = projectOf(t, 'policies');
  const base = project.commit('empty');
  project.addPolicies();
  project.commit('first');
  t.match(project.run('policy-before', {}, base), { status: 0 });
  t.match(project.run('policy-diff', {}, base), { status: 0, log: /nothing to compare/ });
  t.match(project.read('policy-diff.md'), /no policies in policies before/);
});

t.test('a change that opens a door is shown, and fails where that is asked for', async (t) => {
  const project = projectOf(t, 'policies');
  project.addPolicies();
  const base = project.commit('before');
  project.change('policy.csv', (csv) => csv.replace('weight <= 25', 'weight <= 30'));
  project.commit('after');
  t.match(project.run('policy-before', {}, base), { status: 0 });
  t.match(project.run('policy-diff', { fail_on: 'gain:lb *' }, base), {
    status: 1,
    log: /Gate: gain:lb \*: /,
  });
  t.match(project.read('policy-diff.md'), /gains `lb weight`/);
  t.match(JSON.parse(project.read('policy-diff.json')), Object);
  t.match(project.run('policy-diff', { fail_on: 'gain:release' }, base), {
    status: 0,
    log: /gains lb weight/,
  });
  t.match(project.run('policy-diff', {}, base), { status: 0 });
});

t.test('a base that the clone does not have fails, rather than comparing with something else', async (t) => {
  const project = projectOf(t, 'policies');
  project.addPolicies();
  project.commit('first');
  t.match(project.run('policy-before', {}, '0'.repeat(40)), { status: 128 });
});

const asked = ({ log }: Ended): readonly unknown[] =>
  log
    .split('\n')
    .filter((line) => line.startsWith('asked: '))
    .map((line) => JSON.parse(line.slice('asked: '.length)));

const ends: readonly {
  readonly job: string;
  readonly inputs: Readonly<Record<string, string | number>>;
  readonly calls: readonly (readonly string[])[];
}[] = [
  {
    job: 'policy-lint',
    inputs: {},
    calls: [
      ['lint', 'policies', '--format', 'codequality', '--output', '.chatops/code-quality.json'],
      ['lint', 'policies'],
    ],
  },
  {
    job: 'policy-diff',
    inputs: { fail_on: 'gain:lb *', members: 'members.yml' },
    calls: [
      ['--format', 'markdown', '--output', '.chatops/policy-diff.md'],
      ['--format', 'json', '--output', '.chatops/policy-diff.json'],
      ['--fail-on', 'gain:lb *'],
    ].map((more) => ['diff', '.chatops/before', 'policies', '--members', 'members.yml', ...more]),
  },
  {
    job: 'policy-diff',
    inputs: {},
    calls: [
      ['--format', 'markdown', '--output', '.chatops/policy-diff.md'],
      ['--format', 'json', '--output', '.chatops/policy-diff.json'],
      [],
    ].map((more) => ['diff', '.chatops/before', 'policies', ...more]),
  },
];

for (const { job, inputs, calls } of ends)
  t.test(`the reports are asked for before ${job} fails, with ${JSON.stringify(inputs)}`, async (t) => {
    const project = projectOf(t, 'policies');
    project.addPolicies();
    const base = project.commit('before');
    t.match(project.run('policy-before', {}, base), { status: 0 });
    writeFileSync(join(project.path, '../failing.mjs'), failing);
    for (const shell of ['bash', 'sh']) {
      const ended = project.run(job, inputs, base, shell, `${process.execPath} ../failing.mjs`);
      t.equal(ended.status, 1);
      t.strictSame(
        asked(ended),
        calls.map((args) => ['policy', ...args]),
      );
    }
  });

t.test('inputs that would be options or commands are refused by their patterns', async (t) => {
  const { inputs } = readTemplate({ image: 'gateway' });
  for (const [name, value] of [
    ['folder', '-x'],
    ['folder', 'a; b'],
    ['folder', 'a\nb'],
    ['members', '$(id)'],
    ['fail_on', '--format'],
    ['fail_on', 'gain:`id`'],
    ['fail_on', 'win'],
    ['image', 'a"b'],
    ['git_image', ''],
    ['stage', 'a: b'],
  ] as const)
    t.notMatch(value, new RegExp(inputs[name]?.regex ?? ''), `${name} ${value}`);
  for (const [name, value] of [
    ['folder', '.'],
    ['folder', 'deploy/policies'],
    ['members', ''],
    ['fail_on', 'gain:lb *'],
    ['image', 'registry.example.com:5000/ops/chatops-gateway@sha256:00'],
  ] as const)
    t.match(value, new RegExp(inputs[name]?.regex ?? ''), `${name} ${value}`);
  t.strictSame(
    Object.values(inputs).filter(
      ({ default: value, regex }) =>
        regex !== undefined && value !== undefined && !new RegExp(regex).test(String(value)),
    ),
    [],
  );
});

t.test('the example includes the template with inputs that it has', async (t) => {
  const [example] = documentsOf(exampleOf('policy-check.yml'));
  const given: Readonly<Record<string, string>> = example.include[0].inputs;
  const { inputs } = readTemplate(given);
  for (const [name, value] of Object.entries(given))
    t.match(value, new RegExp(inputs[name]?.regex ?? 'no such input'), name);
});
