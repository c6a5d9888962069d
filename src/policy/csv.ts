import type { MistakeCode, MistakeList } from './mistakes.ts';

/** One line that is not empty and no comment: its fields without quotes and without the blanks before them. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Control characters, invisible and exotic blanks, marks that change the writing direction: whatever a reviewer would not see. */
const unseen =
  /[\p{C}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]/u;

/** Whether the text holds a character that a reviewer would not see. */
export const holdsUnseen = (text: string): boolean => unseen.test(text);

const codePoint = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

interface Problem {
  readonly problem: string;
  readonly code: MistakeCode;
}

type Field = { readonly text: string; readonly end: number } | Problem;

const malformed = (problem: string): Problem => ({ problem, code: 'csv' });

const readQuoted = (line: string, from: number): Field => {
  let text = '';
  for (let at = from + 1; ; ) {
    const close = line.indexOf('"', at);
    if (close === -1) return malformed('a quote is never closed; a field ends on its own line');
    text += line.slice(at, close);
    if (line[close + 1] !== '"') {
      const next = line[close + 1];
      if (next === undefined || next === ',') return { text, end: close + 1 };
      return malformed('after a closing quote there must be a comma or the end of the line');
    }
    text += '"';
    at = close + 2;
  }
};

const readPlain = (line: string, from: number): Field => {
  const comma = line.indexOf(',', from);
  const end = comma === -1 ? line.length : comma;
  const text = line.slice(from, end);
  if (text.endsWith(' '))
    return {
      problem: `there is a blank after ${JSON.stringify(text.trimEnd())}; remove it`,
      code: 'trailing-blank',
    };
  if (text.includes('"'))
    return malformed('a quote may only stand around a whole field ("" for a quote inside)');
  return { text, end };
};

const readFields = (line: string): readonly string[] | Problem => {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    while (line[at] === ' ') at++;
    const field = line[at] === '"' ? readQuoted(line, at) : readPlain(line, at);
    if ('problem' in field) return field;
    fields.push(field.text);
    if (field.end >= line.length) return fields;
    at = field.end + 1;
  }
};

const longestLine = 4000;

/** More than anybody reviews; each costs memory and time before it is known whether the policy is any good. */
const mostRows = 150_000;

/** Of a file with more rows, so many are looked at all the same: looking at all would take as long as it is large. */
const lookedAt = 1000;

/** After so many lines that cannot be read, nobody reads on. */
const mostUnreadable = 200;

/** The lines of a text with their numbers, one at a time: a text of nothing but line breaks must not become millions of strings. */
function* linesOf(text: string): Generator<readonly [line: number, content: string]> {
  let from = 0;
  for (let line = 1; from <= text.length; line++) {
    const found = text.indexOf('\n', from);
    const end = found === -1 ? text.length : found;
    yield [line, text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end)];
    from = end + 1;
  }
}

/** Reads strict CSV: comments are whole lines that begin with `#`; quotes as in RFC 4180; no field spans lines. */
export const readCsv = (file: string, text: string, mistakes: MistakeList): readonly CsvRow[] => {
  const rows: CsvRow[] = [];
  // Large files repeat few words. Sharing them keeps a policy small, and decisions on it fast.
  const shared = new Map<string, string>();
  const share = (field: string): string => {
    const known = shared.get(field);
    if (known === undefined) shared.set(field, field);
    return known ?? field;
  };
  let unreadable = 0;
  for (const [line, content] of linesOf(text)) {
    const wrong = (problem: string, code?: MistakeCode): void => {
      unreadable++;
      mistakes.add(file, line, problem, code);
    };
    if (rows.length === mostRows) {
      mistakes.add(file, line, `holds more than ${mostRows} rows`);
      return rows.slice(0, lookedAt);
    }
    if (unreadable === mostUnreadable) {
      mistakes.add(file, line, 'the lines from here on were not read');
      return rows;
    }
    if (content.length > longestLine) {
      wrong(`is longer than ${longestLine} characters`);
      continue;
    }
    const odd = unseen.exec(content)?.[0];
    if (odd !== undefined) {
      wrong(`holds the invisible or special character ${codePoint(odd)}; remove it`, 'invisible-character');
      continue;
    }
    if (content.trim() === '' || content.startsWith('#')) continue;
    const fields = readFields(content);
    if ('problem' in fields) wrong(fields.problem, fields.code);
    else rows.push({ line, fields: fields.map(share) });
  }
  return rows;
};
