import type { Place } from '../../core/command.ts';
import { mistakeCodes } from '../mistakes.ts';

/** Whether the policy may be put in force all the same. */
export type Severity = 'error' | 'warning';

/** What lint looks for beyond the mistakes that keep a policy from being used. */
export const lintCodes = {
  'broad-grant': {
    severity: 'error',
    meaning: 'a grant with * for two of who, channel and command, and no reason',
  },
  homoglyph: { severity: 'error', meaning: 'letters that look like others' },
  'hidden-character': {
    severity: 'error',
    meaning: 'a character, or the code of one, that a reviewer would not see',
  },
  'blank-at-end': { severity: 'warning', meaning: 'a line or a text that ends with blanks' },
  'two-spellings': { severity: 'warning', meaning: 'a name that also stands there with other capitals' },
  'nobody-has-role': { severity: 'warning', meaning: 'a grant to a role that nobody is known to have' },
  'no-such-channels': { severity: 'warning', meaning: 'a grant in a channel set without channels' },
  'never-holds': { severity: 'warning', meaning: 'a rule whose condition holds for no input' },
  unreachable: { severity: 'warning', meaning: 'a grant that denies always cover' },
  shadowed: { severity: 'warning', meaning: 'a rule that changes nothing because others say the same' },
  repeated: { severity: 'warning', meaning: 'a row that stands there twice' },
  'needless-pattern': { severity: 'warning', meaning: 'a pattern where a plain comparison says the same' },
  'idle-row': { severity: 'warning', meaning: 'a membership that changes nothing' },
  expired: { severity: 'warning', meaning: 'a row that has ended' },
  undated: { severity: 'warning', meaning: 'a standing grant to one person where others have an end' },
  'far-end': { severity: 'warning', meaning: 'an end more than a year away' },
  unguarded: { severity: 'warning', meaning: 'a dangerous command that is allowed without a guard rail' },
  'too-many-rows': { severity: 'warning', meaning: 'more rows than are held against each other' },
  'unused-command': { severity: 'warning', meaning: 'a command that nobody may run' },
} as const;

/** One of the codes above, or of a mistake. */
export type FindingCode = keyof typeof lintCodes | keyof typeof mistakeCodes;

/** Something a reviewer should know: where, what, and what would be right. */
export interface Finding extends Place {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly text: string;
}

/** What a code means, for reports. */
export const meaningOf = (code: FindingCode): string =>
  code in lintCodes
    ? lintCodes[code as keyof typeof lintCodes].meaning
    : mistakeCodes[code as keyof typeof mistakeCodes];

/** Takes a finding of lint's own; its severity is that of its code. */
export type Report = (place: Place, code: keyof typeof lintCodes, text: string) => void;
