import type { Membership } from '../../../src/policy/compile.ts';
import { policyFilesOf } from '../../../src/policy/files.ts';
import type { Finding } from '../../../src/policy/lint/finding.ts';
import { lintPolicy } from '../../../src/policy/lint/lint.ts';
import { uses } from '../../../src/wiring/effects.ts';
import { lbWeight, links, release, today } from '../fixtures.ts';

/** Ana and Bo, two commands, nothing to complain about. */
export const clean = `${links}p, role:sre, channels:ops, *, *, allow
p, role:dev, channels:dev, lb *, env = staging and weight <= 25, allow
`;

export type Files = Readonly<Record<string, string>>;

/** What lint finds in the clean policy with these files instead, or added. */
export const findingsIn = (more: Files, memberships: readonly Membership[] = []): readonly Finding[] => {
  const all: Files = {
    'policy.csv': clean,
    'commands/lb-weight.yml': lbWeight,
    'commands/release.yml': release,
    ...more,
  };
  const contents = Object.entries(all).map(([name, text]) => [name, Buffer.from(text)] as const);
  const read = policyFilesOf(new Map(contents));
  return lintPolicy(read, { memberships, reserved: ['help'], uses, now: () => today });
};

/** The clean policy.csv with these rows added. */
export const rows = (...more: readonly string[]): Files => ({ 'policy.csv': `${clean}${more.join('\n')}\n` });

/** As `file:line code`. */
export const placesIn = (more: Files, memberships: readonly Membership[] = []): readonly string[] =>
  findingsIn(more, memberships).map(({ file, line, code }) => `${file}:${line} ${code}`);
