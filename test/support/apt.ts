import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end; the answer is what it wrote, or undefined when it failed or is not there. */
export const attempt = async (
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string | undefined> => {
  try {
    const { stdout } = await execute(program, [...args], {
      timeout: 300_000,
      maxBuffer: 2 ** 24,
      ...options,
    });
    return stdout;
  } catch {
    return undefined;
  }
};

/** Whether a program on the PATH answers `--version`. */
export const answersVersion = async (program: string): Promise<boolean> =>
  (await attempt(program, ['--version'])) !== undefined;
