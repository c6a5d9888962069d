import t from 'tap';
import { deniedReply, tooOftenReply } from '../../src/core/replies/refusals.ts';
import { acceptedReply, runReply } from '../../src/core/replies/run-reply.ts';
import { typedTwiceReply } from '../../src/core/replies/typed-twice.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { RunState } from '../../src/core/run.ts';
import { problemOf } from '../../src/http/problem.ts';
import { notAccepted, perhapsAccepted, wentWrong, workingOnIt } from '../../src/http/told.ts';
import { command } from '../support/commands.ts';
import { run } from '../support/runs.ts';
import { type Back, readAnswer } from './answers.ts';

const id = `r${'0123456789abcdefghjk'}`;

const answered = (reply: Reply, status = 200): Back => ({ status, text: JSON.stringify(reply) });

const refused = (code: 'request.replayed' | 'request.unverified'): Back => ({
  status: 401,
  text: JSON.stringify(problemOf(code, 'q1')),
});

const of = (state: RunState): Back => answered(runReply(run({ id, state, mode: 'direct' })));

const limited = command({
  limits: { perCaller: { count: 1, perMs: 1000 }, startWithinMs: 1000, waitAtMostMs: 1000 },
});

const denial = { allowed: false, rule: undefined, near: [], revision: 'abc' } as const;

const table: readonly (readonly [string, Back, string, string | null])[] = [
  ['no connection', { status: 'none', connected: false, problem: 'ECONNREFUSED' }, 'not sent', null],
  ['a connection that broke', { status: 'none', connected: true, problem: 'ECONNRESET' }, 'unknown', null],
  ['a request that came before', refused('request.replayed'), 'replayed', null],
  ['a signature that does not fit', refused('request.unverified'), 'unauthorised', null],
  ['a store that is away', answered(notAccepted('q1'), 503), 'not accepted', null],
  ['a store that did not answer', answered(perhapsAccepted('q1'), 503), 'unknown', null],
  ['a proxy in the way', { status: 502, text: '<h1>Bad Gateway</h1>' }, 'unknown', null],
  ['an answer that takes too long', answered(workingOnIt), 'unknown', null],
  ['a fault of the gateway', answered(wentWrong('q1')), 'not accepted', null],
  ['a denial', answered(deniedReply('say x', 'say', denial)), 'refused', null],
  ['too often', answered(tooOftenReply(limited)), 'refused', null],
  ['typed twice', answered(typedTwiceReply(run({ id }), 1)), 'refused', null],
  ['accepted', answered(acceptedReply(run({ id }))), 'accepted', id],
  ['a direct command that is done', of('succeeded'), 'done', id],
  ['a direct command that failed', of('failed'), 'done', id],
  ['a direct command that was not done in time', of('expired'), 'done', id],
  ['words that are none of ours', { status: 200, text: 'OK' }, 'not understood', null],
];

for (const [name, back, said, named] of table) {
  t.test(name, async (t) => {
    t.match(readAnswer(back), { said, run: named });
  });
}
