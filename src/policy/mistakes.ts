import type { Place } from '../core/command.ts';

/** Every kind of mistake that keeps a policy folder from being used, with what it means. */
export const mistakeCodes = {
  file: 'a file that has no place here, is missing, too large, or cannot be read',
  encoding: 'a file that is not plain UTF-8 in normal form C',
  model: 'model.conf says something else than the one model',
  yaml: 'a file that cannot be read as YAML, or uses more of YAML than is needed',
  'command-file': 'a command is declared wrongly',
  csv: 'a line of policy.csv that is not well-formed',
  'invisible-character': 'a character that a reviewer would not see',
  'trailing-blank': 'a blank at the end of a field',
  columns: 'a row with too few or too many columns',
  effect: 'an effect that is neither allow nor deny',
  id: 'a caller, role, channel or set that is written wrongly',
  annotation: 'reason= or expires= is written wrongly',
  'no-rules': 'a policy without rules',
  'unknown-command': 'a rule for a command that is not declared',
  condition: 'a condition that cannot be read',
  'unknown-input': 'a condition on an input that the command does not have',
  'unknown-option': 'a condition on a value that the input never has',
  'wrong-type': 'a condition that compares values of different types',
  'unknown-role': 'a role that nobody can have',
  'unknown-channels': 'a channel set without channels',
  'role-cycle': 'memberships that lead back to where they began',
  'role-chain': 'a chain of memberships that is too long',
  'two-persons': 'an account that is linked to two people',
} as const;

/** One of the codes above. */
export type MistakeCode = keyof typeof mistakeCodes;

/** One thing that is wrong in a policy folder: where it stands, what is wrong, what would be right. */
export interface Mistake extends Place {
  readonly code: MistakeCode;
  readonly text: string;
}

/** Gathers mistakes so that all of them are reported at once. */
export interface MistakeList {
  /** Without a code it is the list's usual one. */
  add(file: string, line: number, text: string, code?: MistakeCode): void;
  /** In order of file, then line. At most 200, then one that counts the rest. */
  all(): readonly Mistake[];
}

const most = 200;

const inOrder = (a: Mistake, b: Mistake): number =>
  a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;

/** An empty list to gather mistakes in. */
export const createMistakeList = (usual: MistakeCode = 'file'): MistakeList => {
  const found: Mistake[] = [];
  let beyond = 0;
  return {
    add(file, line, text, code = usual) {
      if (found.length < most) found.push({ file, line, code, text });
      else beyond++;
    },
    all() {
      const sorted = found.toSorted(inOrder);
      const last = sorted.at(-1);
      if (beyond === 0 || last === undefined) return sorted;
      return [...sorted, { ...last, text: `and ${beyond} more mistakes` }];
    },
  };
};

/** The same list with another usual code. */
export const usually = (code: MistakeCode, list: MistakeList): MistakeList => ({
  ...list,
  add: (file, line, text, other = code) => list.add(file, line, text, other),
});

/** The mistakes as lines of text: `policy.csv:12: ...`. */
export const mistakesAsText = (mistakes: readonly Mistake[]): string =>
  mistakes.map(({ file, line, text }) => `${file}:${line}: ${text}`).join('\n');
