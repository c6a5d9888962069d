import { readFileSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { GatewayError } from '../core/errors.ts';
import { startGateway } from '../main.ts';
import { untilStopped } from './until-stopped.ts';
import { version } from './version.ts';

/** `chatops serve`: runs the gateway until a signal. Says everything that is wrong with the configuration at once. */
export const serve = async (): Promise<number> => {
  const read = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  if (!read.ok) {
    const list = read.problems.map((problem) => `  - ${problem}\n`).join('');
    process.stderr.write(`The gateway cannot start with this environment:\n${list}`);
    return 1;
  }
  try {
    const gateway = await startGateway(read.config, version);
    return await untilStopped(gateway.close);
  } catch (error) {
    if (!(error instanceof GatewayError) && !isListenError(error)) throw error;
    process.stderr.write(`The gateway cannot start: ${error.message}\n`);
    return 1;
  }
};

const isListenError = (error: unknown): error is Error =>
  error instanceof Error && 'syscall' in error && error.syscall === 'listen';
