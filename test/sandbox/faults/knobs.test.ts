import t from 'tap';
import { calm, readGitLabKnobs } from '../../../src/sandbox/gitlab/faults/knobs.ts';
import { readSlackKnobs } from '../../../src/sandbox/slack/faults/knobs.ts';

const mistakes: readonly (readonly [name: string, body: unknown, error: string])[] = [
  ['a list', [], 'The body must be an object.'],
  ['a word', 'all', 'The body must be an object.'],
  [
    'an unknown key',
    { sed: 7 },
    'sed is not known here (known: lists, webhooks, seed, start, lateMs, slowMs, requestLifeMs, reads).',
  ],
  [
    'an unknown kind of start',
    { start: { errorafter: 0.1 } },
    'start.errorafter is not known here (known: errorAfter, resetAfter, resetBefore, errorBefore, tooMany, late, slow, html).',
  ],
  ['a share above 1', { start: { late: 1.1 } }, 'start.late must be a share from 0 to 1.'],
  ['a share below 0', { reads: { fail: -0.1 } }, 'reads.fail must be a share from 0 to 1.'],
  ['a share in words', { lists: { fail: '0.1' } }, 'lists.fail must be a share from 0 to 1.'],
  ['shares above 1 together', { start: { late: 0.6, slow: 0.6 } }, 'start must not add up to more than 1.'],
  ['a section that is none', { webhooks: 0.1 }, 'webhooks must be an object.'],
  ['a seed with a fraction', { seed: 0.5 }, 'seed must be a whole number from 0 on.'],
  [
    'times the wrong way round',
    { lateMs: [10, 5] },
    'lateMs must be [from, to] in milliseconds, from <= to, at most 600000.',
  ],
  [
    'one time only',
    { lists: { lagMs: 300 } },
    'lists.lagMs must be [from, to] in milliseconds, from <= to, at most 600000.',
  ],
  [
    'everything at once',
    { seed: -1, reads: { fail: 2 } },
    'seed must be a whole number from 0 on; reads.fail must be a share from 0 to 1.',
  ],
];

for (const [name, body, error] of mistakes) {
  t.test(`${name} is refused in a sentence`, async (t) => {
    const read = readGitLabKnobs(body);
    t.strictSame(read, { ok: false, error });
  });
}

t.test('what is not set is 0', async (t) => {
  t.strictSame(readGitLabKnobs({}), { ok: true, value: { ...calm, seed: null } });
  t.strictSame(readGitLabKnobs(undefined), { ok: true, value: { ...calm, seed: null } });
});

t.test('everything that is set is taken', async (t) => {
  const all = {
    seed: 7,
    start: {
      errorAfter: 0.06,
      resetAfter: 0.06,
      resetBefore: 0.02,
      errorBefore: 0.05,
      tooMany: 0.03,
      late: 0.08,
      slow: 0.05,
      html: 0.65,
    },
    lateMs: [450, 1500],
    slowMs: [50, 350],
    requestLifeMs: 1600,
    lists: { fail: 0.03, lagMs: [0, 300] },
    reads: { fail: 0.02 },
    webhooks: { lose: 0.1, twice: 0.1, delayMs: [0, 500] },
  };
  t.strictSame(readGitLabKnobs(all), { ok: true, value: all });
  const calls = { seed: 7, calls: { error: 0.03, tooMany: 0.02, resetAfter: 0.02 } };
  t.strictSame(readSlackKnobs(calls), { ok: true, value: calls });
});

t.test("the Slack's settings know nothing of a GitLab's", async (t) => {
  t.strictSame(readSlackKnobs({ reads: { fail: 0.1 } }), {
    ok: false,
    error: 'reads is not known here (known: seed, calls).',
  });
});
