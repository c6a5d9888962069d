import fc from 'fast-check';
import type { Reply, Span } from '../../../src/core/reply.ts';

const nasty = fc.constantFrom(
  ...['<!channel>', '<@U1|ana>', '*', '_', '~', '`', '```', '&amp;', '&', '<', '>', '|', '\n', '\u0000'],
  ...[
    ':tada:',
    'https://evil.example/?a=1&b=2',
    '<https://a|b>',
    '\ud83d',
    '👩‍👩‍👧',
    '\u202e',
    '中文',
    'x',
    ' ',
    '*bold*',
  ],
);

/** Text that tries everything; sometimes very long. */
export const text: fc.Arbitrary<string> = fc
  .tuple(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 }), fc.nat(5))
  .map(([pieces, size]) => pieces.join('').repeat(size === 5 ? 60 : 1));

const url = fc.oneof(
  text,
  fc.webUrl(),
  text.map((each) => `https://gitlab.example/${each}`),
);
const account = fc.oneof(text, fc.constant('slack:T1/U2ABC'), fc.constant('gitlab:ana'));

const span: fc.Arbitrary<Span> = fc.oneof(
  text.map((each) => ({ text: each })),
  fc.record({ text, style: fc.constantFrom('code', 'strong', 'quiet') }),
  fc.record({ link: url, text }),
  fc.record({ account, name: text }),
  fc.record({ moment: fc.oneof(fc.integer(), fc.double()) }),
);
const line = fc.array(span, { maxLength: 5 });
const lines = fc.array(line, { maxLength: 40 });
const phase = fc.constantFrom(
  ...(['pending', 'going', 'manual', 'succeeded', 'warned', 'failed', 'canceled', 'skipped'] as const),
);
const job = fc.record({ name: text, phase, link: url, seconds: fc.option(fc.integer()) });
const stage = fc.record({ name: text, phase, jobs: fc.array(job, { maxLength: 9 }) });
const confirm = fc.record({ title: text, text, yes: text, no: text });
const button = fc.record(
  {
    action: fc.constantFrom('cancel', 'retry'),
    runId: fc.stringMatching(/^[a-z0-9]{1,40}$/),
    label: text,
    tone: fc.constantFrom('plain' as const, 'primary' as const, 'danger' as const),
    confirm,
  },
  { requiredKeys: ['action', 'runId', 'label', 'tone'] },
);

const part = fc.oneof(
  fc.record({ part: fc.constant('lines' as const), lines }),
  fc.record({ part: fc.constant('code' as const), text }),
  fc.record({
    part: fc.constant('fields' as const),
    fields: fc.array(fc.record({ name: text, value: line }), { maxLength: 30 }),
  }),
  fc.record({ part: fc.constant('stages' as const), stages: fc.array(stage, { maxLength: 14 }) }),
  fc.record({
    part: fc.constant('links' as const),
    links: fc.array(fc.record({ label: text, url }), { maxLength: 8 }),
  }),
  fc.record({ part: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 30 }) }),
  fc.record({ part: fc.constant('footer' as const), line }),
);

/** Any reply at all. */
export const anyReply: fc.Arbitrary<Reply> = fc.record({
  tone: fc.constantFrom(
    ...(['busy', 'waiting', 'good', 'warned', 'bad', 'stopped', 'refused', 'note'] as const),
  ),
  title: line,
  parts: fc.array(part, { maxLength: 12 }),
  audience: fc.constantFrom('channel' as const, 'caller' as const),
  final: fc.boolean(),
});
