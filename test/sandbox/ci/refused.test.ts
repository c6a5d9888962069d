import t from 'tap';
import { given, projectOf, worldOf } from './world.ts';

/** What stands in the file, and what GitLab's API (or the sandbox, for what it cannot do) answers. */
const CONFIGS: readonly (readonly [string, string, string])[] = [
  [
    'parallel',
    'deploy: { script: x, parallel: 2 }',
    'jobs:deploy config contains unsupported keyword for the sandbox: parallel',
  ],
  [
    'only',
    'a: { script: x, only: [main] }',
    'jobs:a config contains unsupported keyword for the sandbox: only',
  ],
  [
    'except',
    'a: { script: x, except: [main] }',
    'jobs:a config contains unsupported keyword for the sandbox: except',
  ],
  [
    'release',
    'a: { script: x, release: {} }',
    'jobs:a config contains unsupported keyword for the sandbox: release',
  ],
  [
    'secrets',
    'a: { script: x, secrets: {} }',
    'jobs:a config contains unsupported keyword for the sandbox: secrets',
  ],
  [
    'ID tokens',
    'a: { script: x, id_tokens: {} }',
    'jobs:a config contains unsupported keyword for the sandbox: id_tokens',
  ],
  [
    'inherit',
    'a: { script: x, inherit: {} }',
    'jobs:a config contains unsupported keyword for the sandbox: inherit',
  ],
  ['run', 'a: { run: [] }', 'jobs:a config contains unsupported keyword for the sandbox: run'],
  ['pages', 'pages: { script: x }', 'jobs:pages config contains unsupported keyword for the sandbox: pages'],
  [
    'delayed jobs',
    'a: { script: x, when: delayed }',
    'jobs:a config contains unsupported keyword for the sandbox: when: delayed',
  ],
  [
    'rules:changes',
    'a: { script: x, rules: [{ changes: [b] }] }',
    'jobs:a:rules:rule config contains unsupported keyword for the sandbox: changes',
  ],
  [
    'needs of another project',
    'a: { script: x, needs: [{ project: p }] }',
    'jobs:a:needs config contains unsupported keyword for the sandbox: project',
  ],
  [
    'other reports',
    'a: { script: x, artifacts: { reports: { junit: j.xml } } }',
    'jobs:a:artifacts config contains unsupported keyword for the sandbox: reports:junit',
  ],
  [
    'excluded artifacts',
    'a: { script: x, artifacts: { exclude: [b] } }',
    'jobs:a:artifacts config contains unsupported keyword for the sandbox: exclude',
  ],
  [
    'hidden by default',
    'default: { id_tokens: {} }\na: { script: x }',
    'default config contains unsupported keyword for the sandbox: id_tokens',
  ],
  [
    'a keyword that nobody knows',
    'a: { script: x, skript: y }',
    'jobs:a config contains unknown keys: skript',
  ],
  [
    'remote includes',
    'include: { remote: "https://x/y.yml" }',
    'include config contains unsupported keyword for the sandbox: remote',
  ],
  ['no job at all', 'stages: [a]', 'jobs config should contain at least one visible job'],
  ['only hidden jobs', '.a: { script: x }', 'jobs config should contain at least one visible job'],
  [
    'a job without a script',
    'a: { stage: test }',
    'jobs:a config should implement the script:, run:, or trigger: keyword',
  ],
  ['a job that is no mapping', 'a: hello', 'jobs:a config should be a hash'],
  [
    'a script of numbers',
    'a: { script: [1] }',
    'jobs:a:script config should be a string or a nested array of strings up to 10 levels deep',
  ],
  [
    'an unknown stage',
    'a: { stage: x, script: y }',
    'a job: chosen stage x does not exist; available stages are .pre, build, test, deploy, .post',
  ],
  ['an undefined need', 'a: { script: x, needs: [b] }', 'a job: undefined need: b'],
  ['an undefined dependency', 'a: { script: x, dependencies: [b] }', 'a job: undefined dependency: b'],
  [
    'a need of a later stage',
    'a: { script: x, needs: [b] }\nb: { stage: deploy, script: x }',
    'a job: need b is not defined in current or prior stages',
  ],
  [
    'needs in a circle',
    'a: { script: x, needs: [b] }\nb: { script: x, needs: [a] }',
    'The pipeline has circular dependencies',
  ],
  ['extends of nothing', 'a: { extends: .b, script: x }', 'a: unknown keys in `extends` (.b)'],
  [
    'extends in a circle',
    'a: { extends: b }\nb: { extends: a }',
    'a: circular dependency detected in `extends`',
  ],
  [
    'a reference to nothing',
    'a: { script: [!reference [.b, script]] }',
    '!reference [".b","script"] could not be found',
  ],
  [
    'a reference to itself',
    'a: { script: [!reference [a, script]] }',
    '!reference ["a","script"] is part of a circular chain',
  ],
  [
    'an unknown when',
    'a: { script: x, when: later }',
    'jobs:a when should be one of: on_success, on_failure, always, manual, never',
  ],
  [
    'a broken rule',
    'a: { script: x, rules: [{ if: "$A ==" }] }',
    'jobs:a:rules:rule invalid expression syntax',
  ],
  ['too many retries', 'a: { script: x, retry: 3 }', 'jobs:a:retry max must be less than or equal to 2'],
  ['a timeout that is none', 'a: { script: x, timeout: soon }', 'jobs:a:timeout config should be a duration'],
  [
    'a variable that is a list',
    'variables: { A: [1] }\na: { script: x }',
    'variables config should be a hash of key value pairs, value can be a hash',
  ],
  [
    'variables in a circle',
    'variables: { A: $B, B: $A }\na: { script: x }',
    'circular variable reference detected: ["A","B"]',
  ],
  [
    'a spec without an end',
    'spec: { inputs: { a: } }\na: { script: x }',
    'root config contains unknown keys: spec (it belongs into a header, closed by `---`)',
  ],
  ['text that is no mapping', 'just text', '`.gitlab-ci.yml`: Invalid configuration format'],
  ['an empty file', '', '`.gitlab-ci.yml`: Invalid configuration format'],
  [
    'an include that is not there',
    'include: gone.yml\na: { script: x }',
    'Local file `gone.yml` does not exist!',
  ],
  [
    'an include that includes itself',
    'include: .gitlab-ci.yml\na: { script: x }',
    'Maximum of 150 nested includes are allowed!',
  ],
  [
    'an include of an unknown project',
    'include: { project: ops/gone, file: a.yml }',
    'Project `ops/gone` not found or access denied! Make sure any includes in the pipeline configuration are correctly defined.',
  ],
  [
    'an include at an unknown ref',
    'include: { project: ops/other, file: a.yml, ref: v9 }',
    'Project `ops/other` reference `v9` does not exist!',
  ],
  [
    'an included file that a project lacks',
    'include: { project: ops/other, file: b.yml }',
    'Project `ops/other` file `b.yml` does not exist!',
  ],
  [
    'a mistake in an included file',
    'include: { project: ops/other, file: a.yml, inputs: { odd: 1 } }',
    '`a.yml`: Given inputs not defined in the `spec` section of the included configuration file',
  ],
  [
    'a trigger of nothing',
    'a: { trigger: {} }',
    'jobs:a:trigger config should contain either project or include',
  ],
  ['a trigger with a script', 'a: { trigger: b, script: x }', 'jobs:a config contains unknown keys: script'],
];

const OTHER = projectOf('ops/other', { 'a.yml': 'shared: { script: [echo shared] }' }, 2);

for (const [name, config, error] of CONFIGS) {
  t.test(`refused: ${name}`, async (t) => {
    const world = worldOf(t, [projectOf('ops/x', { '.gitlab-ci.yml': config }), OTHER]);
    t.same(world.refusal(), [error]);
    t.same(world.ci.pipelines(1), [], 'nothing is stored');
  });
}

t.test('YAML that cannot be read is refused with the line, counted from the top of the file', async (t) => {
  const config = 'spec: { inputs: {} }\n---\na:\n  script: [x\nb: 1\n';
  const world = worldOf(t, [projectOf('ops/x', { '.gitlab-ci.yml': config })]);
  t.match(world.refusal()[0], /^`\.gitlab-ci\.yml`: \(<unknown>\): .* at line 5, column 1$/);
});

t.test('a ref, a file or a variable name that is not there is refused', async (t) => {
  const world = worldOf(t, [projectOf('ops/x', { 'README.md': 'hello' })]);
  t.same(world.refusal({ ref: 'gone' }), ['Reference not found']);
  t.same(world.refusal(), ['Missing CI config file']);
  t.match(world.refusal({ variables: given({ 'A-B': 'x' }) })[0], 'Variables key');
});

t.test(
  'numbers of pipelines and jobs count on over all projects, and a refused pipeline takes none',
  async (t) => {
    const files = { '.gitlab-ci.yml': 'a: { rules: [{ if: $GO }], script: [echo a] }' };
    const [one, two] = [projectOf('ops/one', files), projectOf('ops/two', files, 2)];
    const world = worldOf(t, [one, two]);
    world.refusal();
    const variables = given({ GO: '1' });
    const first = world.start({ variables });
    const second = world.start({ variables, project: two });
    const third = world.start({ variables });
    t.same([first.iid, second.iid, third.iid], [1, 1, 2]);
    t.same([second.id, third.id], [first.id + 1, first.id + 2]);
    t.same(
      [second.jobs[0]?.id, third.jobs[0]?.id],
      [(first.jobs[0]?.id ?? 0) + 1, (first.jobs[0]?.id ?? 0) + 2],
    );
    t.same(
      world.ci.pipelines(1).map((pipeline) => pipeline.id),
      [third.id, first.id],
      'newest first',
    );
  },
);
