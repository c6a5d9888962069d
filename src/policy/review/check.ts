import type { Place } from '../../core/command.ts';
import { runCases } from '../cases/run.ts';
import type { PolicySources } from '../compile.ts';
import type { FilesRead } from '../files.ts';
import { lintPolicy } from '../lint/lint.ts';
import type { Checked } from './tasks.ts';

const mostTold = 50;
const longestText = 500;

interface Wrong extends Place {
  readonly text: string;
}

const refused = (stage: 'lint' | 'cases', wrong: readonly Wrong[]): Checked => ({
  ok: false,
  stage,
  count: wrong.length,
  mistakes: wrong.slice(0, mostTold).map(({ file, line, text }) => ({
    file: file.slice(0, longestText),
    line,
    text: text.slice(0, longestText),
  })),
});

/** Whether the files are fit to be put in force: without mistakes, and as their own cases say. */
export const checkPolicies = (read: FilesRead, sources: Omit<PolicySources, 'files'>): Checked => {
  const findings = lintPolicy(read, sources);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (!read.ok || errors.length > 0) return refused('lint', errors);
  // Cases bring their own people: who joined a group today must not decide whether the files are right.
  const { mistakes, results } = runCases(read.files, { ...sources, memberships: [] });
  const failed = results
    .filter(({ passed }) => !passed)
    .map(({ file, line, name, expected, got }) => ({
      file,
      line,
      text: `${name}: expected ${expected}, got ${got}`,
    }));
  const wrong = [...mistakes, ...failed];
  return wrong.length > 0
    ? refused('cases', wrong)
    : { ok: true, cases: results.length, warnings: findings.length };
};
