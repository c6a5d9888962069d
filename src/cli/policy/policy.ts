import type { PolicyOutside } from './sources.ts';

/** One of the commands: its exit code (0 fine, 1 findings, 2 wrong usage), or what is wrong with how it was asked. */
type Run = (args: readonly string[], outside: PolicyOutside) => Promise<number | string>;

interface Part {
  readonly run: Run;
  readonly usage: string;
}

/** Loaded when asked for: looking at a policy should not wait for what others need. */
const parts: Readonly<Record<string, () => Promise<Part>>> = {
  lint: async () => {
    const { lint, lintUsage } = await import('./lint.ts');
    return { run: lint, usage: lintUsage };
  },
  test: async () => {
    const { test, testUsage } = await import('./test.ts');
    return { run: test, usage: testUsage };
  },
  explain: async () => {
    const { explain, explainUsage } = await import('./explain.ts');
    return { run: explain, usage: explainUsage };
  },
  'who-can': async () => {
    const { whoCan, whoCanUsage } = await import('./who-can.ts');
    return { run: whoCan, usage: whoCanUsage };
  },
  'what-can': async () => {
    const { whatCan, whatCanUsage } = await import('./what-can.ts');
    return { run: whatCan, usage: whatCanUsage };
  },
  diff: async () => {
    const { diff, diffUsage } = await import('./diff.ts');
    return { run: diff, usage: diffUsage };
  },
};

const ending = `
  [folder]    default: POLICIES when it is a folder, else policies
  --members   a YAML file that says who is in which GitLab group:  ops/sre: [ana, carol]
  --output    a file to write to
  Exit code: 0 fine, 1 findings, failures, denied or a gate was hit, 2 wrong usage.
`;

const usageOf = (usages: readonly string[]): string => `Usage:\n${usages.join('\n')}\n${ending}`;

const wholeUsage = async (): Promise<string> => {
  const loaded = await Promise.all(Object.values(parts).map((load) => load()));
  return usageOf(loaded.map(({ usage }) => usage));
};

const isHelp = (word: string | undefined): boolean => word === 'help' || word === '--help' || word === '-h';

/** `chatops policy ...`; answers the exit code. */
export const policy = async (args: readonly string[], outside: PolicyOutside): Promise<number> => {
  const [name = '', ...rest] = args;
  if (isHelp(name)) {
    outside.print(await wholeUsage());
    return 0;
  }
  const load = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (load === undefined) {
    outside.complain(`Say what to do: ${Object.keys(parts).join(', ')}.\n\n${await wholeUsage()}`);
    return 2;
  }
  const { run, usage } = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    outside.print(usageOf([usage]));
    return 0;
  }
  const ended = await run(rest, outside);
  if (typeof ended === 'number') return ended;
  outside.complain(`${ended}\n\n${usageOf([usage])}`);
  return 2;
};
