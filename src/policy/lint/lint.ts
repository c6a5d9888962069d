import type { Place } from '../../core/command.ts';
import { type PolicySources, readParts } from '../compile.ts';
import { inForceAt } from '../expiring.ts';
import type { FilesRead } from '../files.ts';
import type { Mistake } from '../mistakes.ts';
import type { PolicyParts } from '../policy.ts';
import { lintCommands } from './commands.ts';
import { lintDeadRules } from './dead-rules.ts';
import { lintDetours } from './detours.ts';
import type { Finding, FindingCode, Report } from './finding.ts';
import { createFindingList } from './finding-list.ts';
import { lintGrants } from './grants.ts';
import { lintGuardRails } from './guard-rails.ts';
import { lintLines } from './lines.ts';
import { lintMemberships } from './memberships.ts';
import { lintPatterns } from './patterns.ts';
import { lintSpellings } from './spellings.ts';
import { lintValues } from './values.ts';

const asFinding = ({ file, line, code, text }: Mistake): Finding => ({
  file,
  line,
  code,
  severity: 'error',
  text,
});

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const inOrder = (a: Finding, b: Finding): number =>
  compare(a.file, b.file) || a.line - b.line || compare(a.code, b.code) || compare(a.text, b.text);

/** Beside these nothing is said about who belongs to what: it does not hold until they are mended. */
const confusing: readonly FindingCode[] = ['role-cycle', 'role-chain', 'two-persons'];

/** Rows with mistakes are left out, so that what is right beside them is looked at all the same. */
const readable = (parts: PolicyParts, mistakes: readonly Mistake[]): PolicyParts => {
  const wrong = new Set(mistakes.map(({ file, line }) => `${file}:${line}`));
  const right = ({ file, line }: Place): boolean => !wrong.has(`${file}:${line}`);
  return wrong.size === 0 ? parts : { ...parts, rules: parts.rules.filter(right) };
};

/** With this many mistakes the list of them was cut off, so which rows are right is not known. */
const mostMistakes = 200;

/** Far more than people write; holding so many against each other would take seconds. */
const mostRows = 100_000;

const isTooLarge = ({ rules, links }: PolicyParts): boolean =>
  rules.length + links.people.length + links.channels.length > mostRows;

const lintParts = (parts: PolicyParts, mistakes: readonly Mistake[], at: number, report: Report): void => {
  const now = inForceAt(parts, at);
  lintGrants(parts, at, report);
  if (isTooLarge(parts)) {
    const text = `holds more than ${mostRows} rows; only what can be said of each by itself was looked for`;
    report({ file: 'policy.csv', line: 1 }, 'too-many-rows', text);
    return;
  }
  lintSpellings(parts, report);
  lintPatterns(now, report);
  if (mistakes.some(({ code }) => confusing.includes(code))) return;
  lintDetours(now.links.people, report);
  lintDetours(now.links.channels, report);
  lintDeadRules(now, report);
  // What is missing may stand in a row that could not be read.
  if (mistakes.length > 0) return;
  lintGuardRails(now, report);
  lintCommands(now, report);
  lintMemberships(now, report);
};

const deceptions: readonly FindingCode[] = ['homoglyph', 'hidden-character'];

/** A mistake that only quotes what a look-alike or hidden character made of a word would say the same a second time. */
const withoutEchoes = (mistakes: readonly Mistake[], findings: readonly Finding[]): readonly Mistake[] => {
  const quoted = new Map<string, string>();
  for (const { file, line, code, text } of findings)
    if (deceptions.includes(code))
      quoted.set(`${file}:${line}`, code === 'homoglyph' ? (/"(.+?)"/.exec(text)?.[1] ?? '') : '\\u{');
  return mistakes.filter(({ file, line, text }) => {
    const word = quoted.get(`${file}:${line}`);
    return word === undefined || word === '' || !text.includes(word);
  });
};

/** Everything that is wrong or odd with a policy folder, at once, in order of file and line. Mistakes that keep it from being used are errors. */
export const lintPolicy = (read: FilesRead, sources: Omit<PolicySources, 'files'>): readonly Finding[] => {
  const files = read.ok ? read.files : read.readable;
  const unreadable = read.ok ? [] : read.mistakes.map(asFinding);
  if (files === undefined) return unreadable.toSorted(inOrder);
  const { parts, mistakes } = readParts({ ...sources, files });
  const { report, all } = createFindingList();
  lintLines(files.files, report);
  const right = readable(parts, mistakes);
  lintValues(right, files.files, report);
  if (mistakes.length <= mostMistakes) lintParts(right, mistakes, sources.now(), report);
  const findings = all();
  return [...unreadable, ...withoutEchoes(mistakes, findings).map(asFinding), ...findings].toSorted(inOrder);
};
