#!/usr/bin/env node
import { audit } from './audit.ts';
import { version } from './version.ts';

const usage = `chatops-gateway ${version.version}

Usage: chatops <command>

  serve      run the gateway; the environment configures it (see the README)
  sandbox    try everything here: a small Slack with a web page and a small GitLab that really runs jobs
  policy     lint, test, explain, who-can, what-can, diff: what the policies mean, and what a change of them means
  audit      verify: whether an audit file is whole; search: what it says
  version    print the version
  help       print this
`;

/** The gateway itself is loaded by those who run it: looking at an audit file needs nothing of it. */
const commands: Readonly<Record<string, () => Promise<number> | number>> = {
  serve: async () => (await import('./serve.ts')).serve(),
  sandbox: async () => (await import('./sandbox.ts')).sandbox(),
  policy: async () => {
    process.stdout.on('error', leave);
    const { policy } = await import('./policy/policy.ts');
    return policy(process.argv.slice(3), { print, complain, now: Date.now, env: process.env });
  },
  audit: () => {
    process.stdout.on('error', leave);
    return audit(process.argv.slice(3), { print, complain, now: Date.now });
  },
  version: () => print(`${version.version}\n`),
  help: () => print(usage),
};

const print = (text: string): number => {
  process.stdout.write(text);
  return 0;
};

const complain = (text: string): void => void process.stderr.write(text);

/** Whoever reads has seen enough, as `head` has. */
const leave = (error: Error & { code?: string }): void => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
};

const unknown = (name: string | undefined): number => {
  const said = name === undefined ? '' : `There is no command ${JSON.stringify(name)}.\n\n`;
  process.stderr.write(said + usage);
  return 2;
};

const spoken = (name: string | undefined): string | undefined =>
  name === '--help' || name === '-h' ? 'help' : name === '--version' ? 'version' : name;

const name = spoken(process.argv[2]);
const run = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
// What libraries still hold open must not keep a process that has said its last word.
process.exit(run === undefined ? unknown(name) : await run());
