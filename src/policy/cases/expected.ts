import { allowOnly, type Reader } from '../commands/reader.ts';
import { didYouMean, shown } from '../hints.ts';
import type { Because, Expected } from './case.ts';

const reasons = 'no-rule, bad-input or denied-by: <the rule>';

const becauseOf = (text: string): Because | undefined => {
  if (text === 'no-rule' || text === 'bad-input') return { kind: text };
  const rule = /^denied-by:(.+)$/s.exec(text)?.[1]?.trim();
  return rule === undefined || rule === '' ? undefined : { kind: 'denied-by', rule };
};

const readBecause = (reader: Reader): Because | undefined => {
  if (reader.tree('because')?.kind === 'table') {
    const table = reader.table('because');
    if (table === undefined) return undefined;
    allowOnly(table, ['denied-by']);
    table.require('denied-by');
    const rule = table.text('denied-by');
    return rule === undefined ? undefined : { kind: 'denied-by', rule };
  }
  const text = reader.text('because');
  if (text === undefined) return undefined;
  const because = becauseOf(text);
  const hint = didYouMean(text, ['no-rule', 'bad-input']);
  return because ?? reader.wrong('because', `${shown(text)} must be ${reasons}${hint}`);
};

/** Reads how a line must end: `by` goes with allow, `because` with deny. */
export const readExpected = (reader: Reader, effect: 'allow' | 'deny'): Expected => {
  if (effect === 'allow') {
    if (reader.has('because')) reader.wrong('because', 'goes with deny; allow takes by');
    const by = reader.text('by');
    return { effect, ...(by === undefined ? {} : { by }) };
  }
  if (reader.has('by')) reader.wrong('by', 'goes with allow; deny takes because');
  const because = readBecause(reader);
  return { effect, ...(because === undefined ? {} : { because }) };
};
