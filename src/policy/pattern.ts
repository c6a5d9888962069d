import { RE2JS } from 're2js';

/** A linear-time pattern that must match the whole text, or why it cannot be used. */
export type Pattern =
  | { readonly ok: true; readonly matches: (value: string) => boolean }
  | { readonly ok: false; readonly because: string };

const longest = 500;

/** Matching takes up to one step per instruction and character: with 1000 characters this keeps it far below a second. */
const mostInstructions = 2000;

const compiled = (source: string): Pattern => {
  const expression = RE2JS.compile(source);
  if (expression.programSize() > mostInstructions)
    return { ok: false, because: 'the pattern repeats too much; use smaller counts' };
  return { ok: true, matches: (value) => expression.testExact(value) };
};

const reason = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message.replace('error parsing regexp: ', '') : String(thrown);

/** Compiles a pattern of RE2 syntax (https://github.com/google/re2/wiki/Syntax): no look-around, no back-references, no blow-up. */
export const compilePattern = (source: string): Pattern => {
  if (source === '') return { ok: false, because: 'the pattern is empty' };
  if (source.length > longest)
    return { ok: false, because: `the pattern is longer than ${longest} characters` };
  try {
    return compiled(source);
  } catch (thrown) {
    return { ok: false, because: reason(thrown) };
  }
};
