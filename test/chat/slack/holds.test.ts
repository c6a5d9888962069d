import fc from 'fast-check';
import t from 'tap';
import { createHolds } from '../../../src/chat/slack/holds.ts';

const verdict = true;
const progress = false;

t.test('a place where nothing went wrong is never held', async (t) => {
  const holds = createHolds();
  t.same(
    [holds.ask('C1', progress, 0), holds.ask('C1', progress, 0), holds.ask('C1', verdict, 0)],
    [0, 0, 0],
  );
});

t.test('a place is left alone for as long as it was asked for, others are not', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 7000, progress, 100);
  t.equal(holds.ask('C1', progress, 100), 7000);
  t.equal(holds.ask('C1', verdict, 7099), 1);
  t.equal(holds.ask('C2', progress, 100), 0);
});

t.test('of two pauses that were asked for the longer one counts', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 7000, progress, 0);
  holds.failed('C1', 1000, progress, 0);
  t.equal(holds.ask('C1', progress, 0), 7000);
});

t.test('an answer to what was asked before does not end the pause', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 7000, progress, 0);
  holds.answered('C1', 10);
  t.equal(holds.ask('C1', progress, 10), 6990);
});

t.test('after the pause one message tries, and the others follow when it went well', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 2000, progress, 0);
  t.equal(holds.ask('C1', progress, 2000), 0);
  t.equal(holds.ask('C1', progress, 2000), 1000, 'another tries right now');
  holds.answered('C1', 2300);
  t.same([holds.ask('C1', progress, 2300), holds.ask('C1', progress, 2300)], [0, 0]);
});

t.test('after the pause one message tries, and the others wait on when it did not go well', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 2000, progress, 0);
  t.equal(holds.ask('C1', progress, 2000), 0);
  holds.failed('C1', 30_000, progress, 2100);
  t.equal(holds.ask('C1', verdict, 2100), 30_000);
});

t.test('who tries and is never heard of again holds nobody up for long', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 2000, progress, 0);
  t.equal(holds.ask('C1', progress, 2000), 0);
  t.equal(holds.ask('C1', progress, 12_000), 0);
});

t.test('a verdict that waits goes before progress', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 2000, progress, 0);
  t.equal(holds.ask('C1', verdict, 500), 1500);
  t.ok(holds.ask('C1', progress, 2000) > 0, 'progress gives way');
  t.equal(holds.ask('C1', verdict, 2001), 0);
});

t.test('a verdict that was turned away itself goes before progress', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 2000, verdict, 0);
  t.ok(holds.ask('C1', progress, 2000) > 0);
  t.equal(holds.ask('C1', verdict, 2000), 0);
});

t.test('progress does not wait for a verdict that never comes back', async (t) => {
  const holds = createHolds();
  holds.failed('C1', 2000, verdict, 0);
  const wait = holds.ask('C1', progress, 2000);
  t.equal(holds.ask('C1', progress, 2000 + wait), 0);
});

t.test('of very many places the one that failed longest ago is forgotten', async (t) => {
  const holds = createHolds();
  for (let at = 0; at < 1001; at++) holds.failed(`C${at}`, 60_000, progress, at);
  t.equal(holds.ask('C0', progress, 2000), 0);
  t.ok(holds.ask('C1', progress, 2000) > 0);
  t.ok(holds.ask('C1000', progress, 2000) > 0);
});

interface Message {
  readonly verdict: boolean;
  at: number;
}

/** Messages to one place that takes one in a second and turns the others away; each comes back when it is told. */
const simulate = (messages: readonly Message[], takesMs: number, pauseMs: number) => {
  const holds = createHolds();
  const open: Message[] = [...messages];
  const calls: { readonly from: number; readonly ended: number; readonly taken: boolean }[] = [];
  const ends: { at: number; then: () => void }[] = [];
  let free = 0;
  const call = (message: Message): void => {
    const from = message.at;
    const ended = from + takesMs;
    const taken = from >= free;
    if (taken) free = from + 1000;
    calls.push({ from, ended, taken });
    message.at = Number.POSITIVE_INFINITY;
    const then = (): void => {
      if (taken) {
        holds.answered('C1', ended);
        open.splice(open.indexOf(message), 1);
      } else {
        holds.failed('C1', pauseMs, message.verdict, ended);
        message.at = ended + pauseMs;
      }
    };
    ends.push({ at: ended, then });
  };
  for (let steps = 0; open.length > 0 && steps < 20_000; steps++) {
    const [next] = open.toSorted((a, b) => a.at - b.at);
    const [end] = ends.toSorted((a, b) => a.at - b.at);
    if (end !== undefined && (next === undefined || end.at <= next.at)) {
      ends.splice(ends.indexOf(end), 1);
      end.then();
    } else if (next !== undefined) {
      const wait = holds.ask('C1', next.verdict, next.at);
      if (wait > 0) next.at += wait;
      else call(next);
    }
  }
  return { left: open.length, calls };
};

t.test('every message gets through, and nobody calls while a place is to be left alone', async () => {
  const message = fc.record({ verdict: fc.boolean(), at: fc.nat(5000) });
  const all = fc.array(message, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      all,
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: 1, max: 9000 }),
      (given, takes, pause) => {
        const { left, calls } = simulate(
          given.map((one) => ({ ...one })),
          takes,
          pause,
        );
        const refused = calls.filter(({ taken }) => !taken);
        const early = calls.some(({ from }) =>
          refused.some(({ ended }) => from > ended && from < ended + pause),
        );
        return left === 0 && !early;
      },
    ),
    { numRuns: 500 },
  );
});
