import t from 'tap';
import { createElasticsearchSink } from '../../../../src/listeners/audit/sinks/elasticsearch.ts';
import { type Answer, createReceiver } from './receiver.ts';

const url = 'https://es.example:9200/chatops-audit';
const lines = [
  {
    id: 'h1',
    text: '{"seq":1,"at":"2026-11-21T00:00:00.000Z","kind":"decision","input":{"weight":10},"person":null,"allowed":true}',
  },
  { id: 'h2', text: '{"kind":"checkpoint","seq":1,"at":"2026-11-21T00:01:00.000Z"}' },
];
const never = new AbortController().signal;

const items = (...statuses: readonly number[]): Answer => ({
  status: 200,
  body: JSON.stringify({
    errors: statuses.some((status) => status > 299),
    items: statuses.map((status) => ({
      create: {
        status,
        ...(status > 299 ? { error: { type: `type_${status}`, reason: 'with a value' } } : {}),
      },
    })),
  }),
});

t.test('what Elasticsearch answers', async (t) => {
  const later = { sent: false };
  const cases: readonly (readonly [string, Answer, object])[] = [
    ['no rights', { status: 403 }, { sent: false, problem: 'es.example:9200 answers 403' }],
    ['busy', { status: 429, retryAfter: '2' }, { sent: false, notWithinMs: 2000 }],
    ['a web page', { status: 200, body: '<html>' }, { sent: false, problem: /not answer as _bulk/ }],
    ['too few answers', items(201), { sent: false, problem: /not answer as _bulk/ }],
    ['answers without a status', { status: 200, body: '{"items":[null,{}]}' }, later],
    ['a document put off', items(201, 429), { sent: false, problem: /1 of 2 .* 429 type_429/ }],
    ['a document that meets no index', items(201, 404), later],
    ['a document that meets a closed door', items(403, 201), later],
    ['one put off beside one refused for good', items(400, 503), later],
    ['created', items(201, 201), { sent: true, passedOver: [] }],
    ['there already', items(409, 201), { sent: true, passedOver: [] }],
    [
      'refused for good',
      items(400, 201),
      { sent: true, passedOver: [/^document h1 is refused with 400: type_400$/] },
    ],
  ];
  for (const [name, answer, expected] of cases) {
    const { fetch } = createReceiver(() => answer);
    const sink = createElasticsearchSink({ url, apiKey: 'hidden', fetch });
    const sent = await sink.send(lines, never);
    t.match(sent, expected, name);
    t.notMatch(JSON.stringify(sent), /hidden|with a value/, `${name}: nothing secret is told`);
  }
});

t.test('each line becomes a document named by its hash, with the line itself inside', async (t) => {
  const { came, fetch } = createReceiver(() => items(201, 201));
  await createElasticsearchSink({ url, apiKey: 'key', fetch }).send(lines, never);
  const [{ url: to, headers, body } = { url: '', headers: {} as Record<string, string>, body: '' }] = came;
  t.equal(to, 'https://es.example:9200/chatops-audit/_bulk');
  t.match(headers, { authorization: 'ApiKey key', 'content-type': 'application/x-ndjson' });
  t.ok(body.endsWith('\n'));
  t.same(
    body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { create: { _id: 'h1' } },
      {
        seq: 1,
        '@timestamp': '2026-11-21T00:00:00.000Z',
        kind: 'decision',
        input: '{"weight":10}',
        person: null,
        allowed: true,
        event: { original: lines[0]?.text },
      },
      { create: { _id: 'h2' } },
      {
        kind: 'checkpoint',
        seq: 1,
        '@timestamp': '2026-11-21T00:01:00.000Z',
        event: { original: lines[1]?.text },
      },
    ],
  );
});
