import { holdsUnseen } from '../csv.ts';
import { shown } from '../hints.ts';
import type { Report } from './finding.ts';
import { lookAlikeIn } from './look-alikes.ts';

const rows = 'policy.csv';
const isYaml = (file: string): boolean => /\.ya?ml$/.test(file);

/** Sentences for people may be in any language. */
const isProse = (line: string): boolean => /^\s*(?:#|summary:|description:|en:|zh:)/.test(line);

/** Lines that no reader of the policy looks at further, or one that says nothing about blanks and characters. */
const isFree = (file: string, line: string): boolean =>
  isYaml(file) || line.startsWith('#') || (file === rows && line.trim() === '');

const reportLookAlike = (file: string, number: number, line: string, report: Report): void => {
  const found = lookAlikeIn(line, isProse(line) ? 'prose' : 'word');
  if (found === undefined) return;
  report(
    { file, line: number },
    'homoglyph',
    `${shown(found)} holds letters that look like others; type it anew`,
  );
};

const readLine = (file: string, number: number, line: string, report: Report): void => {
  reportLookAlike(file, number, line, report);
  if (!isFree(file, line)) return;
  // In policy.csv this is a mistake already, in comments too.
  if (file !== rows && holdsUnseen(line.replaceAll('\t', ' ')))
    report(
      { file, line: number },
      'hidden-character',
      `${shown(line.trim())} holds an invisible or special character; remove it`,
    );
  if (/[ \t]$/.test(line))
    report({ file, line: number }, 'blank-at-end', 'the line ends with blanks; remove them');
};

/** Whether any line can be odd. Most large files are plain, and looking at each of a million lines takes its time. */
const isPlain = (text: string): boolean => !/[ \t]\r?(?:\n|$)|[^\n\r\x20-\x7e]/.test(text);

/** Whoever mends so many lines of a file sees the next. */
const mostLines = 5000;

const readLines = (file: string, text: string, report: Report): void => {
  if (isPlain(text)) return;
  let number = 1;
  let odd = 0;
  const counted: Report = (...finding) => {
    odd++;
    report(...finding);
  };
  for (let from = 0; from <= text.length && odd < mostLines; number++) {
    const found = text.indexOf('\n', from);
    const end = found === -1 ? text.length : found;
    const line = text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end);
    // An empty line, of which a hostile file has millions, has nothing to be found.
    if (line !== '') readLine(file, number, line, counted);
    from = end + 1;
  }
};

const readName = (file: string, report: Report): void => {
  const alike = lookAlikeIn(file, 'word');
  if (alike !== undefined)
    report(
      { file, line: 1 },
      'homoglyph',
      `the file's name holds ${shown(alike)}, whose letters look like others`,
    );
  if (holdsUnseen(file))
    report({ file, line: 1 }, 'hidden-character', `the file's name ${shown(file)} holds a special character`);
};

/** What can be said of the files as text: look-alikes, characters that nobody sees, blanks at the ends of lines. */
export const lintLines = (files: ReadonlyMap<string, string>, report: Report): void => {
  for (const [file, text] of files) {
    readName(file, report);
    readLines(file, text, report);
  }
};
