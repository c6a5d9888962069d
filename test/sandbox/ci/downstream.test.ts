import t from 'tap';
import { given, projectOf, until, worldOf } from './world.ts';

const TARGET = projectOf(
  'ops/target',
  {
    '.gitlab-ci.yml': `
spec: { inputs: { host: { default: nowhere } } }
---
workflow: { rules: [{ if: '$REFUSE == null' }] }
job:
  script:
    - echo "on $[[ inputs.host ]] $CI_PIPELINE_SOURCE [$FROM_YAML] [$FROM_API] by $GITLAB_USER_LOGIN"
    - test -z "$BREAK"
`,
  },
  2,
);

function up(trigger: string, more = ''): ReturnType<typeof projectOf> {
  return projectOf('ops/up', {
    '.gitlab-ci.yml': `
stages: [call, then]
call:
  stage: call
  variables: { FROM_YAML: "yaml $WHO" }
  trigger: ${trigger}
then: { stage: then, script: [echo then] }
${more}`,
    'child.yml':
      'spec: { inputs: { word: { } } }\n---\nkid: { script: [ "echo $CI_PIPELINE_SOURCE says $[[ inputs.word ]]" ] }\n',
    'deep.yml': 'again: { trigger: { include: deep.yml, strategy: depend } }\n',
  });
}

const FAILURES = [
  ['a project that is not there', '{ project: ops/gone }', {}, 'downstream_bridge_project_not_found'],
  ['an unknown branch', '{ project: ops/target, branch: gone }', {}, 'downstream_pipeline_creation_failed'],
  [
    'inputs it does not know',
    '{ project: ops/target, inputs: { odd: 1 } }',
    {},
    'downstream_pipeline_creation_failed',
  ],
  [
    'a child file that is not there',
    '{ include: { local: gone.yml } }',
    {},
    'downstream_pipeline_creation_failed',
  ],
] as const;

for (const [name, trigger, variables, reason] of FAILURES) {
  t.test(`a trigger job for ${name} fails and nothing is started`, async (t) => {
    const world = worldOf(t, [up(trigger), TARGET]);
    const { id } = world.start({ variables: given(variables) });
    await world.reaches(id, 'failed');
    t.match(world.job(id, 'call'), {
      kind: 'bridge',
      status: 'failed',
      failureReason: reason,
      downstreamPipelineId: null,
    });
    t.equal(world.ci.pipelines(1).length + world.ci.pipelines(2).length, 1);
    t.equal(world.job(id, 'then').status, 'skipped');
  });
}

t.test('pipelines that start themselves come to an end', async (t) => {
  const world = worldOf(t, [
    projectOf('ops/loop', { '.gitlab-ci.yml': 'loop: { trigger: { project: ops/loop, strategy: depend } }' }),
  ]);
  const { id } = world.start();
  await world.reaches(id, 'failed');
  const all = world.ci.pipelines(1);
  t.ok(all.length < 12);
  t.equal(all[0]?.jobs[0]?.failureReason, 'reached_max_descendant_pipelines_depth');
});

t.test('a child of a child of a child is refused', async (t) => {
  const world = worldOf(t, [up('{ include: deep.yml, strategy: depend }')]);
  const { id } = world.start();
  await world.reaches(id, 'failed');
  t.equal(world.ci.pipelines(1).length, 3);
});

t.test('a trigger job without a strategy succeeds as soon as its pipeline is started', async (t) => {
  const world = worldOf(t, [up('ops/target'), TARGET]);
  const { id } = world.start({ variables: given({ BREAK: '1', WHO: 'ana' }) });
  await world.reaches(id, 'success');
  const below = world.job(id, 'call').downstreamPipelineId ?? 0;
  await world.reaches(below, 'success');
  const line = '\non nowhere pipeline [yaml ana] [] by ana\n';
  t.match(world.pipeline(below), {
    projectId: 2,
    source: 'pipeline',
    upstream: { projectId: 1, pipelineId: id },
  });
  t.ok(
    world.job(below, 'job').log.includes(line),
    'variables of the configuration go down, given ones do not',
  );
});

t.test(
  'with `strategy: depend` the trigger job ends as its pipeline ends, and opens again when that is retried',
  async (t) => {
    const trigger =
      '{ project: ops/target, strategy: depend, inputs: { host: web1 }, forward: { pipeline_variables: true } }';
    const world = worldOf(t, [up(trigger), TARGET]);
    const { id } = world.start({ variables: given({ BREAK: '1', FROM_API: 'api' }) });
    await world.reaches(id, 'failed');
    const below = world.job(id, 'call').downstreamPipelineId ?? 0;
    t.ok(world.job(below, 'job').log.includes('\non web1 pipeline [yaml ] [api] by ana\n'));
    t.equal(world.job(id, 'then').status, 'skipped');
    world.ci.retry(below);
    t.equal(world.job(id, 'call').status, 'running');
    t.equal(world.pipeline(id).status, 'running');
    await world.reaches(id, 'failed');
  },
);

t.test('a child pipeline is made from included files of the same commit', async (t) => {
  const world = worldOf(t, [
    up('{ include: [{ local: child.yml, inputs: { word: hello } }], strategy: depend }'),
  ]);
  const { id, sha } = world.start();
  await world.reaches(id, 'success');
  const below = world.pipeline(world.job(id, 'call').downstreamPipelineId ?? 0);
  t.match(below, { projectId: 1, sha, source: 'parent_pipeline', status: 'success' });
  t.ok(world.job(below.id, 'kid').log.includes('\nparent_pipeline says hello\n'));
  t.equal(world.job(id, 'then').status, 'success');
});

t.test('cancelling a pipeline cancels its child pipelines', async (t) => {
  const files = {
    '.gitlab-ci.yml': 'call: { trigger: { include: child.yml, strategy: depend } }',
    'child.yml': 'kid: { script: [echo started, sleep 100] }',
  };
  const world = worldOf(t, [projectOf('ops/parent', files)]);
  const { id } = world.start();
  const below = () => world.job(id, 'call').downstreamPipelineId;
  await until(
    () => world.job(below() ?? id, below() ? 'kid' : 'call').log.includes('\nstarted\n'),
    () => 'the child to start',
  );
  world.ci.cancel(id);
  await world.reaches(id, 'canceled');
  await world.reaches(below() ?? 0, 'canceled');
});
