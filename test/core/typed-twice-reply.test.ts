import t from 'tap';
import { typedTwiceReply } from '../../src/core/replies/typed-twice.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Run } from '../../src/core/run.ts';
import { run, view } from '../support/runs.ts';

const wordsOf = (spans: Reply['title']): string =>
  spans.map((span) => ('text' in span ? span.text : '')).join('');
const bodyOf = ({ parts }: Reply): string =>
  parts.flatMap((part) => (part.part === 'lines' ? part.lines.map(wordsOf) : [])).join('\n');
const canceledBy = { account: 'slack:T1/UBO', name: 'Bo', at: 0 };
const manual = view({ phase: 'manual', stages: [] });

t.test('whoever types the same again is told how the first one stands', async (t) => {
  const began = 'You started this 12 s ago';
  const cases: readonly (readonly [Partial<Run>, string])[] = [
    [{}, `${began}; it is about to start.`],
    [{ state: 'waiting' }, `${began}; it is still held back.`],
    [{ state: 'starting' }, `${began}; it is still being started.`],
    [{ state: 'running' }, `${began}; it is still running.`],
    [{ state: 'running', pipeline: manual }, `${began}; it is running.`],
    [{ state: 'running', canceledBy }, `${began}; it is being canceled by Bo.`],
    [{ state: 'succeeded', changedAt: 9000 }, 'You just ran this: it succeeded 3 s ago.'],
    [{ state: 'uncertain' }, `${began}, and it is not known what became of it.`],
  ];
  for (const [given, words] of cases) {
    const reply = typedTwiceReply(run(given), 12_000);
    t.equal(wordsOf(reply.title), words);
    t.match(reply, { audience: 'caller', final: true });
    t.match(bodyOf(reply), '/chatops lb weight web 10 --env=production --again', words);
    t.match(JSON.stringify(reply.parts.at(-1)), /Nothing new was started.*r0example/);
  }
});

t.test('a manual job that holds it back is named', async (t) => {
  const job = {
    id: 1,
    name: 'release',
    stage: 'release',
    phase: 'manual',
    webUrl: 'https://gitlab.example/-/jobs/1',
    allowFailure: false,
    failureReason: null,
    durationSeconds: null,
    bridge: false,
  } as const;
  const pipeline = view({ phase: 'manual', stages: [{ name: 'release', jobs: [job] }] });
  const reply = typedTwiceReply(run({ state: 'running', pipeline }), 12_000);
  t.match(wordsOf(reply.title), /12 s ago; it waits for a person to press release\.$/);
  t.match(reply.parts, [{}, { part: 'links', links: [{ label: 'Pipeline 1001', url: pipeline.webUrl }] }]);
});

t.test('of an uncertain run a person is asked to say first what became of it', async (t) => {
  const body = bodyOf(typedTwiceReply(run({ state: 'uncertain' }), 12_000));
  t.match(body, /^Please look in GitLab first.*run resolve r0example succeeded\|failed\|not-started/);
  t.match(
    bodyOf(typedTwiceReply(run({ state: 'uncertain', mode: 'direct' }), 0)),
    /look whether it was done/,
  );
  t.notMatch(bodyOf(typedTwiceReply(run({ state: 'running' }), 0)), 'resolve');
});

t.test('the answer of a direct command a moment ago is shown again', async (t) => {
  const done = run({ state: 'succeeded', mode: 'direct', outcome: { text: 'checkout-v2 is on' } });
  t.match(typedTwiceReply(done, 1000).parts, [{ part: 'code', text: 'checkout-v2 is on' }]);
});
