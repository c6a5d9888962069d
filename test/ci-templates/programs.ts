import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(import.meta.dirname, 'programs');

/** One call of a fake program by a job. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** What `extra-vars.yml` held then; empty when there was none. */
  readonly extraVars: string;
}

/** Fake `ansible-playbook`, `helm` and `curl` in a folder of their own, with what they remember between calls. */
export interface Programs {
  /** The folder, to be put on the PATH of jobs. */
  readonly folder: string;
  /** Every call so far, oldest first. */
  calls(program: string): readonly Call[];
  /** Text that a program remembers under a name, or undefined. */
  remembered(name: string): string | undefined;
  remember(name: string, text: string): void;
}

/** Puts fresh fakes into a folder. */
export function installPrograms(folder: string): Programs {
  rmSync(folder, { recursive: true, force: true });
  cpSync(sources, folder, { recursive: true });
  for (const name of ['ansible-playbook', 'helm', 'curl']) chmodSync(join(folder, name), 0o755);
  const state = join(folder, 'state');
  mkdirSync(state);
  const remembered = (name: string): string | undefined =>
    existsSync(join(state, name)) ? readFileSync(join(state, name), 'utf8') : undefined;
  return {
    folder,
    remembered,
    calls: (program) =>
      (remembered('calls') ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map(readCall)
        .filter((call) => call.program === program),
    remember: (name, text) => writeFileSync(join(state, name), text),
  };
}

function readCall(line: string): Call {
  const [command = '', env = '', extraVars = ''] = line
    .split(',')
    .map((part) => Buffer.from(part, 'base64').toString('utf8'));
  const [program = '', ...args] = words(command);
  return {
    program,
    args,
    extraVars,
    env: new Map(
      words(env).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  };
}

function words(text: string): readonly string[] {
  return text.split('\0').slice(0, -1);
}
