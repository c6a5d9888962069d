import fc from 'fast-check';
import t from 'tap';
import {
  type GraphJob,
  hasWarnings,
  nextSteps,
  pipelineStatus,
  revived,
  type Step,
} from '../../../src/sandbox/ci/graph.ts';
import type { When } from '../../../src/sandbox/ci/model.ts';
import type { CiStatus } from '../../../src/sandbox/ci/types.ts';

/** `name:stage:status`, then any of `when=…`, `needs=a+b`, `allow`, `asked`. */
function jobOf(text: string): GraphJob {
  const [head = '', ...rest] = text.split(' ');
  const [name = '', stage = '0', status = 'created'] = head.split(':');
  const option = (key: string): string | undefined =>
    rest.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const needs = option('needs');
  return {
    name,
    stageIndex: Number(stage),
    status: status as CiStatus,
    when: (option('when') ?? 'on_success') as When,
    allowFailure: rest.includes('allow'),
    needs: needs === undefined ? undefined : needs.split('+').filter((word) => word !== ''),
    asked: rest.includes('asked'),
  };
}

const STEPS: readonly (readonly [string, readonly string[], Readonly<Record<string, Step>>])[] = [
  ['nothing starts while the stage before runs', ['a:0:running', 'b:1:created'], {}],
  [
    'nothing starts while the stage before waits for a blocking manual job',
    ['a:0:manual', 'b:1:created'],
    {},
  ],
  ['a job that needs a running one waits', ['a:0:success', 'b:0:running', 'c:1:created needs=a+b'], {}],
  ['a job after a failure is skipped', ['a:0:failed', 'b:1:created'], { b: 'skip' }],
  ['a job after a cancelled one is skipped', ['a:0:canceled', 'b:1:created when=always'], { b: 'skip' }],
  ['a job that needs a skipped one is skipped', ['a:0:skipped', 'b:1:created needs=a'], { b: 'skip' }],
  [
    'a job that needs an unplayed optional job is skipped',
    ['a:0:manual allow', 'b:1:created needs=a'],
    { b: 'skip' },
  ],
  ['on_failure is skipped when all went well', ['a:0:success', 'b:1:created when=on_failure'], { b: 'skip' }],
  ['an allowed failure is no failure', ['a:0:failed allow', 'b:1:created when=on_failure'], { b: 'skip' }],
  [
    'the first stage starts at once',
    ['a:0:created', 'b:0:created', 'c:1:created'],
    { a: 'start', b: 'start' },
  ],
  ['the next stage starts after success', ['a:0:success', 'b:1:created'], { b: 'start' }],
  ['a skipped stage does not hold the next', ['a:0:skipped', 'b:1:created'], { b: 'start' }],
  [
    'an optional manual job does not hold the next stage',
    ['a:0:manual allow', 'b:1:created'],
    { b: 'start' },
  ],
  ['an allowed failure does not hold the next stage', ['a:0:failed allow', 'b:1:created'], { b: 'start' }],
  ['on_failure starts after a failure', ['a:0:failed', 'b:1:created when=on_failure'], { b: 'start' }],
  ['always starts after a failure', ['a:0:failed', 'b:1:created when=always'], { b: 'start' }],
  [
    'a failure two stages before counts',
    ['a:0:failed', 'b:1:skipped', 'c:2:created when=on_failure'],
    { c: 'start' },
  ],
  ['needs let a job pass its stage', ['a:0:success', 'b:0:running', 'c:1:created needs=a'], { c: 'start' }],
  ['empty needs start at once', ['a:0:running', 'c:1:created needs='], { c: 'start' }],
  ['a manual job waits to be played', ['a:0:success', 'b:1:created when=manual'], { b: 'manual' }],
  [
    'a manual job that was asked for starts',
    ['a:0:success', 'b:1:created when=manual asked'],
    { b: 'start' },
  ],
  ['a manual job after a failure is skipped', ['a:0:failed', 'b:1:created when=manual'], { b: 'skip' }],
];

for (const [name, jobs, steps] of STEPS) {
  t.test(name, async (t) => t.same(Object.fromEntries(nextSteps(jobs.map(jobOf))), steps));
}

const STATUSES: readonly (readonly [CiStatus, readonly string[]])[] = [
  ['created', ['a:0:created', 'b:1:created']],
  ['pending', ['a:0:pending', 'b:1:created']],
  ['running', ['a:0:running', 'b:1:created']],
  ['running', ['a:0:success', 'b:1:created']],
  ['running', ['a:0:failed', 'b:0:running']],
  ['running', ['a:0:manual', 'b:0:running']],
  ['canceling', ['a:0:canceling', 'b:1:canceled']],
  ['canceled', ['a:0:success', 'b:1:canceled']],
  ['success', ['a:0:success', 'b:1:skipped']],
  ['success', ['a:0:success', 'b:1:failed allow']],
  ['success', ['a:0:success', 'b:1:manual allow']],
  ['failed', ['a:0:success', 'b:1:failed']],
  ['failed', ['a:0:failed', 'b:1:canceled']],
  ['skipped', ['a:0:manual allow']],
  ['manual', ['a:0:success', 'b:1:manual', 'c:2:created']],
];

for (const [status, jobs] of STATUSES) {
  t.test(`${jobs.join(', ')} make a pipeline ${status}`, async (t) =>
    t.equal(pipelineStatus(jobs.map(jobOf)), status),
  );
}

t.test('only an allowed failure is a warning', async (t) => {
  t.notOk(hasWarnings([jobOf('a:0:failed'), jobOf('b:0:manual allow')]));
  t.ok(hasWarnings([jobOf('a:0:failed allow')]));
});

t.test('a job that starts after all revives what was skipped behind it', async (t) => {
  const texts = [
    'a:1:manual',
    'x:0:skipped',
    'same:1:skipped',
    'needing:1:skipped needs=a',
    'deep:1:skipped needs=needing',
  ];
  const jobs = [...texts, 'later:2:skipped', 'done:2:success'].map(jobOf);
  t.same([...revived(jobs, jobOf('a:1:manual'))].sort(), ['deep', 'later', 'needing']);
});

/** Random pipelines as the configuration allows them: a job may need jobs of its own stage or of earlier ones. */
const pipelines = fc
  .array(
    fc.record({
      stage: fc.nat(3),
      when: fc.constantFrom<When>('on_success', 'on_success', 'on_failure', 'always', 'manual'),
      allowFailure: fc.boolean(),
      needs: fc.option(fc.array(fc.nat(20), { maxLength: 3 }), { nil: undefined }),
      outcome: fc.constantFrom<CiStatus>('success', 'success', 'failed', 'canceled'),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((specs) => specs.toSorted((a, b) => a.stage - b.stage));

type Spec = (typeof pipelines extends fc.Arbitrary<infer T> ? T : never)[number];

function created(specs: readonly Spec[]): readonly GraphJob[] {
  return specs.map((spec, at) => ({
    name: `j${at}`,
    stageIndex: spec.stage,
    status: 'created',
    when: spec.when,
    allowFailure: spec.allowFailure,
    needs: at === 0 ? undefined : spec.needs?.map((number) => `j${number % at}`),
    asked: false,
  }));
}

function mayStart(job: GraphJob, jobs: readonly GraphJob[]): boolean {
  const before = jobs.filter((other) =>
    job.needs ? job.needs.includes(other.name) : other.stageIndex < job.stageIndex,
  );
  return before.every(
    (other) => ENDED.includes(other.status) || (other.status === 'manual' && other.allowFailure),
  );
}

const ENDED: readonly CiStatus[] = ['success', 'failed', 'canceled', 'skipped'];
const AFTER: Readonly<Record<Step, CiStatus>> = { start: 'running', manual: 'manual', skip: 'skipped' };

/** Plays a pipeline to where nothing more happens; jobs end in the order that the dice say. */
function play(specs: readonly Spec[], dice: Iterator<number>): readonly GraphJob[] {
  let jobs = created(specs);
  for (let turns = 0; turns < 200; turns += 1) {
    const steps = nextSteps(jobs);
    const early = jobs.find((job) => steps.get(job.name) === 'start' && !mayStart(job, jobs));
    if (early !== undefined) throw new Error(`${early.name} starts before what it needs`);
    jobs = jobs.map((job) => ({
      ...job,
      status: AFTER[steps.get(job.name) ?? 'start'],
      ...(steps.has(job.name) ? {} : job),
    }));
    const running = jobs.filter((job) => job.status === 'running');
    if (running.length === 0 && steps.size === 0) return jobs;
    const ending = running[(dice.next().value ?? 0) % Math.max(1, running.length)]?.name;
    jobs = jobs.map((job, at) =>
      job.name === ending ? { ...job, status: specs[at]?.outcome ?? 'success' } : job,
    );
  }
  throw new Error('the pipeline goes on for ever');
}

t.test(
  'whatever the outcomes, a pipeline ends or waits for a person, and no job starts before its needs',
  async (t) => {
    const check = (specs: readonly Spec[], dice: Iterator<number>): boolean =>
      [...ENDED, 'manual'].includes(pipelineStatus(play(specs, dice)));
    t.doesNotThrow(() =>
      fc.assert(fc.property(pipelines, fc.infiniteStream(fc.nat(100)), check), { numRuns: 3000 }),
    );
  },
);
