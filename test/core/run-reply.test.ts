import t from 'tap';
import type { JobView, Phase } from '../../src/core/pipelines.ts';
import { acceptedReply, runReply } from '../../src/core/replies/run-reply.ts';
import { sayDuration } from '../../src/core/replies/spans.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Run } from '../../src/core/run.ts';
import { run, view } from '../support/runs.ts';

const job = (name: string, phase: Phase, allowFailure = false): JobView => ({
  id: 1,
  name,
  stage: name,
  phase,
  webUrl: `https://gitlab.example/-/jobs/${name}`,
  allowFailure,
  failureReason: null,
  durationSeconds: 3,
  bridge: false,
});
const stages = (...jobs: readonly JobView[]) => jobs.map((each) => ({ name: each.name, jobs: [each] }));
const titleOf = (reply: Reply): string =>
  reply.title.map((span) => ('text' in span ? span.text : '')).join('');
const buttonsOf = (reply: Reply): readonly string[] =>
  reply.parts.flatMap((part) => (part.part === 'buttons' ? part.buttons.map(({ action }) => action) : []));
const canceledBy = { account: 'slack:T1/UBO', name: 'Bo', at: 0 };

t.test('the title tells the state in words, and the tone goes with it', async (t) => {
  const going = view({
    stages: stages(job('check', 'succeeded'), job('apply', 'going'), job('verify', 'pending')),
  });
  const manual = view({
    phase: 'manual',
    stages: stages(job('render', 'succeeded'), job('release', 'manual')),
  });
  const failure = { job: 'apply', webUrl: 'https://gitlab.example/-/jobs/apply', lines: 'no such host' };
  const cases: readonly (readonly [Partial<Run>, string, Reply['tone'], boolean])[] = [
    [{}, 'is accepted', 'busy', true],
    [{ state: 'starting' }, 'is being started', 'busy', true],
    [{ state: 'starting', intent: { attempt: 2, sendUntil: 0 } }, 'is being started again', 'busy', true],
    [{ state: 'running', pipeline: going }, 'is running apply (1 of 3 stages done)', 'busy', true],
    [{ state: 'running', pipeline: manual }, 'waits for a person to press release', 'waiting', true],
    [{ state: 'running', pipeline: going, canceledBy }, 'is being canceled by Bo', 'busy', false],
    [
      { state: 'succeeded', changedAt: 64_000, pipeline: view({ phase: 'succeeded' }) },
      'succeeded in 1 min 4 s',
      'good',
      false,
    ],
    [
      { state: 'succeeded', pipeline: view({ phase: 'warned' }) },
      'succeeded with warnings in 0 s',
      'warned',
      false,
    ],
    [
      { state: 'failed', outcome: { failure }, changedAt: 5000, pipeline: view({ phase: 'failed' }) },
      'failed in job apply in 5 s',
      'bad',
      false,
    ],
    [{ state: 'failed', changedAt: 5000 }, 'failed', 'bad', false],
    [{ state: 'succeeded', changedAt: 5000 }, 'succeeded', 'good', false],
    [{ state: 'succeeded', changedAt: 5000, pipeline: going }, 'succeeded', 'good', false],
    [{ state: 'canceled', canceledBy }, 'was canceled by Bo', 'stopped', false],
    [{ state: 'canceled', pipeline: view({ phase: 'canceled' }) }, 'was canceled', 'stopped', false],
    [{ state: 'canceled' }, 'was not started', 'stopped', false],
    [{ state: 'canceled', mode: 'direct' }, 'was not done', 'stopped', false],
    [{ state: 'expired' }, 'expired: it was not started', 'stopped', false],
    [{ state: 'expired', pipeline: going }, 'is no longer watched: it took too long', 'stopped', false],
    [{ state: 'uncertain' }, 'needs a look: it is not known whether it was started', 'warned', false],
    [
      { state: 'uncertain', mode: 'direct' },
      'needs a look: it is not known whether it was done',
      'warned',
      false,
    ],
    [{ state: 'uncertain', pipeline: going }, 'needs a look: it is not known how it ended', 'warned', false],
  ];
  for (const [given, words, tone, cancelable] of cases) {
    const reply = runReply(run(given));
    t.equal(titleOf(reply), `lb weight web 10 --env=production ${words}`);
    t.equal(reply.tone, tone, words);
    t.same(buttonsOf(reply), cancelable ? ['cancel'] : [], words);
  }
});

t.test('the same run gives the same reply, whatever the clock says', async (t) => {
  t.same(runReply(run()), runReply(run()));
});

t.test('what came out, the failing lines and the links are there', async (t) => {
  const failure = { job: 'apply', webUrl: 'https://gitlab.example/-/jobs/7', lines: 'no such host' };
  const reply = runReply(
    run({ state: 'failed', pipeline: view({ phase: 'failed' }), outcome: { text: 'half done', failure } }),
  );
  t.match(reply.parts, [
    { part: 'code', text: 'half done' },
    { part: 'code', text: 'no such host' },
    { part: 'links', links: [{ label: 'Pipeline 1001' }, { label: 'Log of apply', url: failure.webUrl }] },
    { part: 'footer' },
  ]);
  t.equal(reply.final, true);
});

t.test('only an uncertain run says how a person can tell what became of it', async (t) => {
  const words = 'run resolve r0example succeeded|failed|not-started';
  t.ok(JSON.stringify(runReply(run({ state: 'uncertain' }))).includes(words));
  t.notOk(JSON.stringify(runReply(run({ state: 'expired' }))).includes('run resolve'));
});

t.test('a stage is as far as its least finished job', async (t) => {
  const phaseOf = (...jobs: readonly JobView[]): Phase | undefined => {
    const pipeline = view({ stages: [{ name: 'one', jobs }] });
    const [part] = runReply(run({ state: 'running', pipeline })).parts;
    return part?.part === 'stages' ? part.stages[0]?.phase : undefined;
  };
  t.equal(phaseOf(job('a', 'succeeded'), job('b', 'going')), 'going');
  t.equal(phaseOf(job('a', 'failed'), job('b', 'going')), 'failed');
  t.equal(phaseOf(job('a', 'failed', true), job('b', 'succeeded')), 'warned');
  t.equal(phaseOf(job('a', 'succeeded'), job('b', 'skipped')), 'succeeded');
  t.equal(phaseOf(job('a', 'manual'), job('b', 'succeeded')), 'manual');
});

t.test('the answer to an accepted command is for its caller and stays true', async (t) => {
  t.match(acceptedReply(run()), { audience: 'caller', final: false });
  t.match(JSON.stringify(acceptedReply(run())), /Accepted.*lb weight web 10.*r0example/);
});

t.test('lengths of time as people say them', async (t) => {
  t.same([0, 59_400, 60_000, 64_000, 3_600_000, 3_900_000].map(sayDuration), [
    '0 s',
    '59 s',
    '1 min',
    '1 min 4 s',
    '1 h',
    '1 h 5 min',
  ]);
});
