import { statSync } from 'node:fs';
import { type CommandLine, readCommandLine } from '../../core/command-line.ts';
import type { Policy } from '../../policy/policy.ts';

/** What was asked about a typed line: flags, the folder, the line. */
export interface Typed {
  readonly values: Readonly<Record<string, string>>;
  readonly folder: string | undefined;
  readonly line: string;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const flagOf = (arg: string): { readonly name: string; readonly value: string | undefined } => {
  const [, name = '', , value] = /^--([^=]*)(=(.*))?$/s.exec(arg) ?? [];
  return { name, value };
};

/**
 * Reads `[folder] --flag value … <command line>`. Flags stand before the line, because the line has flags of its own. What names
 * a folder is one; the line may be one argument or many. A sentence when it cannot be understood.
 */
export const readTyped = (args: readonly string[], flags: readonly string[]): Typed | string => {
  const values: Record<string, string> = {};
  let folder: string | undefined;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (!arg.startsWith('--')) {
      if (folder !== undefined || !isFolder(arg)) break;
      folder = arg;
      continue;
    }
    const { name, value = args[++at] } = flagOf(arg);
    if (!flags.includes(name))
      return `--${name} is unknown here; flags stand before the line, and are: ${flags.map((flag) => `--${flag}`).join(', ')}.`;
    if (value === undefined) return `--${name} needs a value.`;
    values[name] = value;
  }
  return {
    values,
    folder,
    line: args
      .slice(at)
      .join(' ')
      .replace(/^\/chatops\s+/, ''),
  };
};

/** The typed line as the gateway reads it, or what is wrong with it in a sentence. */
export const readLineFor = (
  policy: Pick<Policy, 'commands'>,
  line: string,
): Extract<CommandLine, { kind: 'command' }> | string => {
  const { commands } = policy;
  const read = readCommandLine(
    { commands, builtIns: [], offered: () => commands.map(({ name }) => name) },
    line,
  );
  if (read.kind === 'command') return read;
  if (read.kind !== 'problem') return 'Give a whole command, as it is typed in chat: lb weight web 10.';
  const { problem } = read;
  const meant = problem.suggestions.length === 0 ? '' : ` Did you mean ${problem.suggestions.join(' or ')}?`;
  return `${problem.line}: ${problem.message}.${meant}`;
};
