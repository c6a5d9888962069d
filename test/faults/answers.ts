import type { Attempt } from './ledgers.ts';
import { runsIn } from './tag.ts';

/** What came back for one delivery: an answer read whole, or why none came. */
export type Back =
  | { readonly status: number; readonly text: string }
  | { readonly status: 'none'; readonly connected: boolean; readonly problem: string };

type Told = Pick<Attempt, 'said' | 'run' | 'words'>;

/** What the words of an answer that is 200 mean; the first that fits counts. */
const meanings: readonly (readonly [RegExp, Attempt['said']])[] = [
  [/Not allowed/, 'refused'],
  [/Too often|--again/, 'refused'],
  [/Working on it/, 'unknown'],
  [/not known whether/, 'unknown'],
  [/Nothing was (?:done|started)/, 'not accepted'],
  [/Accepted: /, 'accepted'],
  [/is (?:accepted|being started|running|held back)/, 'accepted'],
  [/succeeded|failed|expired|needs a look|was canceled/, 'done'],
];

const understood = (text: string): Attempt['said'] =>
  meanings.find(([words]) => words.test(text))?.[1] ?? 'not understood';

/** A run's end may well say that nothing was started: an answer that names its run is about that run. */
const saidBy = (text: string, run: string | null): Attempt['said'] => {
  const said = understood(text);
  return said === 'not accepted' && run !== null ? 'done' : said;
};

/** Reads an answer the way the person who typed would. */
export const readAnswer = (back: Back): Told => {
  if (back.status === 'none')
    return { said: back.connected ? 'unknown' : 'not sent', run: null, words: back.problem };
  const { status, text: words } = back;
  const run = runsIn(words)[0] ?? null;
  if (status === 401) {
    const said = words.includes('request.replayed') ? 'replayed' : 'unauthorised';
    return { said, run, words };
  }
  if (status === 200) {
    const said = saidBy(words, run);
    // A command that was typed twice is refused with the name of the first one's run.
    return { said, run: said === 'refused' ? null : run, words };
  }
  if (status === 503 && /Nothing was done/.test(words)) return { said: 'not accepted', run: null, words };
  return { said: 'unknown', run: null, words };
};
