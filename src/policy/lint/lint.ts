import type { Place } from '../../core/command.ts';
import { type PolicySources, readParts } from '../compile.ts';
import { inForceAt } from '../expiring.ts';
import type { FilesRead } from '../files.ts';
import type { Mistake } from '../mistakes.ts';
import type { PolicyParts } from '../policy.ts';
import { unusedCommands } from './commands.ts';
import { deadRules } from './dead-rules.ts';
import type { Finding } from './finding.ts';
import { grantFindings } from './grants.ts';
import { membershipFindings } from './memberships.ts';
import { textFindings } from './text.ts';

const asFinding = ({ file, line, code, text }: Mistake): Finding => ({
  file,
  line,
  code,
  severity: 'error',
  text,
});

const inOrder = (a: Finding, b: Finding): number =>
  a.file === b.file ? a.line - b.line || (a.text < b.text ? -1 : 1) : a.file < b.file ? -1 : 1;

/** Rows with mistakes are left out, so that what is right beside them is looked at all the same. */
const readable = (parts: PolicyParts, mistakes: readonly Mistake[]): PolicyParts => {
  const wrong = new Set(mistakes.map(({ file, line }) => `${file}:${line}`));
  const right = ({ file, line }: Place): boolean => !wrong.has(`${file}:${line}`);
  return { ...parts, rules: parts.rules.filter(right) };
};

const partFindings = (parts: PolicyParts, at: number): readonly Finding[] => {
  const now = inForceAt(parts, at);
  return [...grantFindings(parts, at), ...membershipFindings(now), ...deadRules(now), ...unusedCommands(now)];
};

/** Everything that is wrong or odd with a policy folder, at once, in order of file and line. Mistakes that keep it from being used are errors. */
export const lintPolicy = (read: FilesRead, sources: Omit<PolicySources, 'files'>): readonly Finding[] => {
  const files = read.ok ? read.files : read.readable;
  const unreadable = read.ok ? [] : read.mistakes.map(asFinding);
  if (files === undefined) return unreadable.toSorted(inOrder);
  const { parts, mistakes } = readParts({ ...sources, files });
  return [
    ...unreadable,
    ...mistakes.map(asFinding),
    ...textFindings(files.files),
    ...partFindings(readable(parts, mistakes), sources.now()),
  ].toSorted(inOrder);
};
