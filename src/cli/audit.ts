import { search } from './audit-search.ts';
import { verify } from './audit-verify.ts';

const usage = `Usage: chatops audit verify <file...> [--key <PEM file>]... [--checkpoints <file>]
       chatops audit search <file...> [--run <id>] [--account <id>] [--person <name>] [--command <name>]
                            [--kind <kind>] [--denied] [--since <time>] [--until <time>] [--json]

  verify   whether a file is whole: no line changed, missing, inserted or moved. Works without the gateway.
           --key          the SIGNING_KEY or its public key; once for each key there has been
           --checkpoints  default: <file>.checkpoints, if it is there
           Exit code: 0 whole, 1 broken, 2 wrong usage.
  search   the entries that match everything given, of several files in the order of time
           --since, --until  2026-11-21, 2026-11-21T14:00 (UTC unless a zone is given), or so long ago: 90s, 30m, 2h, 7d
           --json            the lines as they are
`;

/** Where the words of a command go, and what time it is. */
export interface Outside {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly now: () => number;
}

/** `chatops audit ...`; answers the exit code. */
export const audit = async (args: readonly string[], outside: Outside): Promise<number> => {
  const [name, ...rest] = args;
  if (name === 'help' || name === '--help' || name === '-h') {
    outside.print(usage);
    return 0;
  }
  const run = name === 'verify' ? verify : name === 'search' ? search : undefined;
  const wrong = run === undefined ? 'Say what to do: verify or search.' : await run(rest, outside);
  if (typeof wrong === 'number') return wrong;
  outside.complain(`${wrong}\n\n${usage}`);
  return 2;
};
