import t from 'tap';
import { doubted, doubtedIfOlder } from '../../src/core/generation.ts';
import type { Run } from '../../src/core/run.ts';
import { decideStart, usualStartTimes } from '../../src/core/starting.ts';
import { run, view } from '../support/runs.ts';

const now = { id: 'second', beganAt: 1_000_000, first: false };
const sendWithin = 30_000;
const old = (given: Partial<Run> = {}): Run => run({ generation: 'first', startBy: 2_000_000, ...given });

/** What is done next about a run that is due right after the store began anew. */
const next = (read: Run, listed: readonly [] | 'not asked' = 'not asked') =>
  decideStart({
    intent: read.intent,
    listed,
    now: now.beganAt + 1,
    startBy: read.startBy,
    canceled: false,
  });

t.test('what an earlier life of the store says may be older than what happened', async (t) => {
  const cases: Readonly<Record<string, Run>> = {
    'a run nobody had worked yet may have been worked': old(),
    'a run whose POST was refused may have made another': old({
      intent: { attempt: 1, sendUntil: 5, ended: 'refused', notBefore: 9 },
    }),
    'a run whose POST was not sent may have made another': old({
      intent: { attempt: 1, sendUntil: 5, ended: 'not-sent' },
    }),
    'a run whose absence was seen once may have been sent again': old({
      intent: { attempt: 1, sendUntil: 5, firstAbsentAt: 7 },
    }),
    'a run that an older gateway saved is of no known life': old({ generation: '' }),
  };
  for (const [name, stored] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const read = doubted(stored, now, sendWithin);
      t.match(next(read), { do: 'ask' }, 'GitLab is asked before anything is sent');
      t.match(next(read, []), { do: 'wait' }, 'and "not there" does not count yet');
      t.ok((read.intent?.sendUntil ?? 0) >= now.beganAt + sendWithin);
      t.not(read.state, 'queued');
    });
  }
});

t.test('what is beyond doubt stays as it is', async (t) => {
  const cases: Readonly<Record<string, Run>> = {
    'a run that was saved in this life': old({ generation: 'second' }),
    'a run that follows its pipeline': old({ state: 'running', pipeline: view() }),
    'a run that is over': old({ state: 'expired' }),
    'a run that waits for a person': old({ state: 'uncertain' }),
  };
  for (const [name, stored] of Object.entries(cases)) t.equal(doubted(stored, now, sendWithin), stored, name);
});

t.test('a POST of the life before may be written later than the new life says', async (t) => {
  const stored = old({ intent: { attempt: 2, sendUntil: 1_050_000 } });
  t.match(doubted(stored, now, sendWithin).intent, { attempt: 2, sendUntil: 1_050_000 });
});

t.test('a request from before the store began may have been carried out', async (t) => {
  const fresh = run({ intent: null });
  const sent = (sentAt: number, first = false) =>
    doubtedIfOlder(fresh, sentAt, { ...now, first }, usualStartTimes.sendWithin).intent !== null;
  t.ok(sent(990_000), 'signed long before');
  t.ok(sent(1_000_000), 'signed in the same second');
  t.notOk(sent(1_001_000), 'signed after it');
  t.ok(sent(998_000, true), 'also in the first life known, which may be a store that was emptied');
  t.notOk(sent(1_000_000, true), 'but in its first second requests are taken to be new');
});
