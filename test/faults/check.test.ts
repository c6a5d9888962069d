import t from 'tap';
import { check } from './check.ts';
import type { Attempt, AuditRow, Delivered, Ledgers, MessageRow, PipelineRow, RunRow } from './ledgers.ts';

const run = (letter: string): string => `r${letter.repeat(20)}`;
const [first, second] = [run('a'), run('b')];

const attempt = (said: Attempt['said'], id: string | null = null): Attempt => ({
  instance: 0,
  said,
  run: id,
  words: 'words',
});

const delivered = (given: Partial<Delivered> = {}): Delivered => ({
  tag: 'k00001',
  kind: 'wait',
  text: 'say k00001',
  user: 'U1',
  attempts: [attempt('accepted', first)],
  ...given,
});

const stored = (given: Partial<RunRow> = {}): RunRow => ({
  id: first,
  state: 'succeeded',
  mode: 'wait',
  line: 'say --who=k00001',
  pipeline: 7,
  because: null,
  givenUp: null,
  ...given,
});

const pipeline = (given: Partial<PipelineRow> = {}): PipelineRow => ({
  id: 7,
  project: 'ops/legacy',
  run: first,
  status: 'success',
  createdAt: 2000,
  input: 'k00001',
  ...given,
});

const message = (text = `say k00001 succeeded · run ${first}`): MessageRow => ({ text });

const line = (given: Partial<AuditRow> = {}): AuditRow => ({
  file: 'audit-0.jsonl',
  seq: 1,
  at: 1000,
  kind: 'decision',
  run: first,
  line: 'say --who=k00001',
  allowed: true,
  purpose: 'run',
  to: null,
  ...given,
});

const intent = line({ seq: 2, at: 1100, kind: 'intent', line: null, allowed: false, purpose: null });

const ended = (to: string): AuditRow => ({ ...intent, seq: 3, at: 3000, kind: 'state', to });

/** A world in which all went well, changed as told. */
const world = (given: Partial<Ledgers> = {}): Ledgers => ({
  delivered: [delivered()],
  pipelines: [pipeline()],
  messages: [message()],
  audit: [line(), intent],
  brokenChains: [],
  runs: [stored()],
  ...given,
});

const nothing = { pipelines: [], messages: [], audit: [], runs: [] };

interface Planted {
  readonly name: string;
  readonly ledgers: Ledgers;
  readonly found: readonly string[];
}

const table: readonly Planted[] = [
  {
    name: 'an accepted command that the store does not know is lost',
    ledgers: world(nothing),
    found: ['lost k00001'],
  },
  {
    name: 'a direct command that was answered but is not stored is lost',
    ledgers: world({
      ...nothing,
      delivered: [delivered({ kind: 'direct', attempts: [attempt('done', first)] })],
    }),
    found: ['lost k00001'],
  },
  {
    name: 'a pipeline whose run nobody knows any more is lost',
    ledgers: world({ delivered: [delivered({ attempts: [attempt('unknown')] })], runs: [], messages: [] }),
    found: [`lost ${first}`],
  },
  {
    name: 'an end in the audit and another in the store',
    ledgers: world({
      audit: [line(), intent, ended('expired')],
      messages: [message(), message(`expired ${first}`)],
    }),
    found: [`two ends ${first}`],
  },
  {
    name: 'two pipelines of one run are a duplicate',
    ledgers: world({ pipelines: [pipeline(), pipeline({ id: 8 })] }),
    found: [`duplicate ${first}`],
  },
  {
    name: 'one command that became two runs is a duplicate',
    ledgers: world({
      runs: [stored(), stored({ id: second, pipeline: 8 })],
      messages: [message(), message(`succeeded ${second}`)],
      pipelines: [pipeline(), pipeline({ id: 8, run: second })],
      audit: [line(), intent, line({ seq: 3, run: second }), { ...intent, seq: 4, run: second }],
    }),
    found: ['duplicate k00001'],
  },
  {
    name: 'a denied command with a pipeline is unauthorised',
    ledgers: world({ delivered: [delivered({ kind: 'denied', attempts: [attempt('refused')] })] }),
    found: ['unauthorised k00001'],
  },
  {
    name: 'a denied command that is answered as accepted is unauthorised',
    ledgers: world({ ...nothing, delivered: [delivered({ kind: 'denied' })] }),
    found: ['lost k00001', 'unauthorised k00001'],
  },
  {
    name: 'a forged command with a run is unauthorised',
    ledgers: world({ delivered: [delivered({ kind: 'forged', attempts: [attempt('unauthorised')] })] }),
    found: ['unauthorised k00001'],
  },
  {
    name: 'a pipeline under no name of ours is unauthorised',
    ledgers: world({ pipelines: [pipeline(), pipeline({ id: 8, run: null })] }),
    found: ['unauthorised pipeline 8'],
  },
  {
    name: 'a pipeline without an allow is unauthorised',
    ledgers: world({ audit: [intent] }),
    found: ['unauthorised pipeline 7'],
  },
  {
    name: 'an allow to cancel is no allow to run',
    ledgers: world({ audit: [line({ purpose: 'cancel' }), intent] }),
    found: ['unauthorised pipeline 7'],
  },
  {
    name: 'an allow that comes after the pipeline does not count',
    ledgers: world({ audit: [line({ at: 2001 }), intent] }),
    found: ['unauthorised pipeline 7'],
  },
  {
    name: 'a pipeline whose intent comes too late is unrecorded',
    ledgers: world({ audit: [line(), { ...intent, at: 2001 }] }),
    found: ['unrecorded pipeline 7'],
  },
  {
    name: '"nothing was done" with a run is a false word',
    ledgers: world({ delivered: [delivered({ attempts: [attempt('not accepted')] })] }),
    found: ['false word k00001'],
  },
  {
    name: 'expired without a pipeline, and GitLab has one: a false word',
    ledgers: world({
      runs: [stored({ state: 'expired', pipeline: null })],
      messages: [message(`expired ${first}`)],
    }),
    found: [`false word ${first}`],
  },
  {
    name: 'succeeded, and GitLab has no pipeline: a false word',
    ledgers: world({ pipelines: [] }),
    found: [`false word ${first}`],
  },
  {
    name: 'a run that follows a pipeline that is not its own: a false word',
    ledgers: world({ runs: [stored({ pipeline: 9 })] }),
    found: [`false word ${first}`],
  },
  {
    name: 'a run that is still starting is unfinished',
    ledgers: world({ runs: [stored({ state: 'starting' })] }),
    found: [`unfinished ${first}`],
  },
  {
    name: 'a message that still says running leaves people untold',
    ledgers: world({ messages: [message(`is running ${first}`)] }),
    found: [`untold ${first}`],
  },
  {
    name: 'a failed run whose message says succeeded leaves people untold',
    ledgers: world({ runs: [stored({ state: 'failed' })] }),
    found: [`untold ${first}`],
  },
  {
    name: 'another input than decided',
    ledgers: world({ pipelines: [pipeline({ input: 'k00002' })] }),
    found: ['other input pipeline 7'],
  },
  {
    name: 'no input where one was decided on',
    ledgers: world({ pipelines: [pipeline({ input: '' })] }),
    found: ['other input pipeline 7'],
  },
  {
    name: 'a stored line other than the decided one',
    ledgers: world({ runs: [stored({ line: 'say --who=k00002' })] }),
    found: [`other input ${first}`],
  },
  {
    name: 'an audit file that is not whole',
    ledgers: world({ brokenChains: ['audit-0.jsonl: line 5 does not follow line 4'] }),
    found: ['chain audit'],
  },
  {
    name: 'an answer that the harness cannot read makes it blind',
    ledgers: world({ ...nothing, delivered: [delivered({ attempts: [attempt('not understood')] })] }),
    found: ['unreadable k00001'],
  },
  { name: 'all went well', ledgers: world(), found: [] },
  {
    name: 'the store forgot an end that the audit tells',
    ledgers: world({ audit: [line(), intent, ended('succeeded')], runs: [] }),
    found: [],
  },
  {
    name: 'the store forgot an end that chat never heard of',
    ledgers: world({ audit: [line(), intent, ended('succeeded')], runs: [], messages: [] }),
    found: [`untold ${first}`],
  },
  {
    name: 'no answer came, and nothing was done',
    ledgers: world({ ...nothing, delivered: [delivered({ attempts: [attempt('unknown')] })] }),
    found: [],
  },
  {
    name: 'no answer came, and it was done',
    ledgers: world({ delivered: [delivered({ attempts: [attempt('unknown'), attempt('replayed')] })] }),
    found: [],
  },
  {
    name: 'denied, and nothing came of it',
    ledgers: world({
      ...nothing,
      delivered: [delivered({ kind: 'denied', attempts: [attempt('refused')] })],
      audit: [line({ run: null, allowed: false })],
    }),
    found: [],
  },
  {
    name: 'nobody could be told, and the run says why',
    ledgers: world({ runs: [stored({ givenUp: 'channel_not_found' })], messages: [] }),
    found: [],
  },
  {
    name: 'uncertain, and a person may find one pipeline',
    ledgers: world({
      runs: [stored({ state: 'uncertain', pipeline: null })],
      messages: [message(`needs a look ${first}`)],
    }),
    found: [],
  },
  {
    name: 'a direct result is the answer itself',
    ledgers: world({
      delivered: [delivered({ kind: 'direct', attempts: [attempt('done', first)] })],
      runs: [stored({ mode: 'direct', pipeline: null })],
      messages: [],
      pipelines: [],
    }),
    found: [],
  },
];

for (const { name, ledgers, found } of table) {
  t.test(name, async (t) => {
    const seen = check(ledgers).map(({ broken, of }) => `${broken} ${of}`);
    t.same([...seen].sort(), [...found].sort());
  });
}
