import type { Line, Part, Reply } from '../reply.ts';
import { isAskedToStop, isFinal, type Run } from '../run.ts';
import { stateWords } from './run-reply.ts';
import { code, line, lines, sayDuration, strong } from './spans.ts';
import { againLine, resolveLine } from './typing.ts';

/** How a run that is not over stands, as the second half of a sentence. */
const stillGoing = (run: Run): string => {
  if (isAskedToStop(run)) return stateWords(run);
  switch (run.state) {
    case 'queued':
      return 'is about to start';
    case 'waiting':
      return 'is still held back';
    case 'starting':
      return 'is still being started';
    default:
      return run.pipeline?.phase === 'manual' ? stateWords(run) : 'is still running';
  }
};

const ago = (moment: number, now: number): string => `${sayDuration(now - moment)} ago`;

const titleOf = (run: Run, now: number): Line => {
  const started = strong(`You started this ${ago(run.createdAt, now)}`);
  if (run.state === 'uncertain') return line(started, ', and it is not known what became of it.');
  if (isFinal(run.state))
    return line(strong('You just ran this'), `: it ${run.state} ${ago(run.changedAt, now)}.`);
  return line(started, `; it ${stillGoing(run)}.`);
};

const adviceOf = (run: Run): readonly Line[] => {
  const again = code(againLine(run));
  if (run.state === 'uncertain') {
    const where = run.mode === 'direct' ? 'whether it was done' : 'in GitLab';
    return [
      line(`Please look ${where} first, then say what you found: `, code(resolveLine(run.id))),
      line('To run it all the same: ', again),
    ];
  }
  return [line(isFinal(run.state) ? 'To run it once more: ' : 'To run it a second time beside it: ', again)];
};

/** The answer that the first one got: perhaps it is all that was wanted. */
const answerParts = ({ mode, state, outcome }: Run): readonly Part[] =>
  mode === 'direct' && state === 'succeeded' && outcome?.text !== undefined
    ? [{ part: 'code', text: outcome.text }]
    : [];

const linkParts = ({ pipeline }: Run): readonly Part[] =>
  pipeline === null
    ? []
    : [{ part: 'links', links: [{ label: `Pipeline ${pipeline.id}`, url: pipeline.webUrl }] }];

/**
 * To somebody who types the same again while `run` is not over, ended well a moment ago, or is uncertain: how it stands, and how to
 * mean it. `now` in Unix milliseconds.
 */
export const typedTwiceReply = (run: Run, now: number): Reply => ({
  tone: run.state === 'uncertain' ? 'warned' : 'note',
  title: titleOf(run, now),
  parts: [
    ...answerParts(run),
    lines(...adviceOf(run)),
    ...linkParts(run),
    { part: 'footer', line: line('Nothing new was started · run ', code(run.id)) },
  ],
  audience: 'caller',
  final: true,
});
