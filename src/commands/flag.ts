import type { Run } from '../core/run.ts';
import type { Effect, Effected } from './direct.ts';

/** A feature flag as GitLab keeps it: active or not, and whom it reaches in which environment. */
export interface FlagView {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly reaches: readonly { readonly environment: string; readonly whom: string }[];
}

interface UnknownFlag {
  readonly outcome: 'unknown flag';
  readonly nearest: readonly string[];
}

/** What the flag commands need of GitLab. Each rejects when GitLab cannot be asked. */
export interface Flags {
  list(project: string): Promise<readonly FlagView[]>;
  get(
    project: string,
    name: string,
  ): Promise<{ readonly outcome: 'found'; readonly flag: FlagView } | UnknownFlag>;
  set(
    project: string,
    name: string,
    on: boolean,
    environment?: string,
  ): Promise<
    | { readonly outcome: 'changed'; readonly flag: FlagView; readonly what: string }
    | { readonly outcome: 'unchanged'; readonly flag: FlagView; readonly because: string }
    | { readonly outcome: 'refused'; readonly because: string; readonly advice: string }
    | UnknownFlag
  >;
}

const succeeded = (text: string): Effected => ({ state: 'succeeded', outcome: { text } });
const failed = (because: string): Effected => ({ state: 'failed', outcome: { because } });

const textInput = (run: Run, name: string): string | undefined => {
  const value = run.input[name];
  return value === undefined ? undefined : String(value);
};

/** Where a flag is on: `production (everyone), staging (25 % of users)`. */
const whereOn = (flag: FlagView): string => {
  const places = flag.reaches.map(
    ({ environment, whom }) => `${environment === '*' ? 'everywhere' : environment}: ${whom}`,
  );
  return places.length === 0 ? 'but no strategy reaches anybody' : places.join(', ');
};

const stateLine = (flag: FlagView): string =>
  flag.active ? `${flag.name} is on (${whereOn(flag)})` : `${flag.name} is off`;

const unknown = (name: string, { nearest }: UnknownFlag, project: string): Effected => {
  const meant = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
  return failed(`There is no feature flag ${name} in ${project}.${meant} Nothing was changed.`);
};

/** `use: gitlab.feature-flag.list` */
export const listFlags = (flags: Flags, project: string): Effect => ({
  repeatable: true,
  do: async () => {
    const all = await flags.list(project);
    return succeeded(all.length === 0 ? `${project} has no feature flags` : all.map(stateLine).join('\n'));
  },
});

/** How a flag stands in one environment. */
const stateIn = (flag: FlagView, environment: string): string => {
  const here = flag.reaches.filter((each) => each.environment === environment || each.environment === '*');
  if (!flag.active || here.length === 0) return `${flag.name} is off in ${environment}`;
  return `${flag.name} is on in ${environment} (${here.map(({ whom }) => whom).join(', ')})`;
};

/** `use: gitlab.feature-flag.get`; reads the input `name` and, where declared, `env`. */
export const getFlag = (flags: Flags, project: string): Effect => ({
  repeatable: true,
  do: async (run) => {
    const name = textInput(run, 'name') ?? '';
    const found = await flags.get(project, name);
    if (found.outcome !== 'found') return unknown(name, found, project);
    const environment = textInput(run, 'env');
    const state = environment === undefined ? stateLine(found.flag) : stateIn(found.flag, environment);
    const { description } = found.flag;
    return succeeded(description === '' ? state : `${state}\n${description}`);
  },
});

const on = (run: Run): boolean =>
  run.input.state === true || run.input.state === 'on' || run.input.state === 'true';

/** `use: gitlab.feature-flag.set`; reads the inputs `name`, `state` (on or off) and, where declared, `env`. Setting it twice is as setting it once. */
export const setFlag = (flags: Flags, project: string): Effect => ({
  repeatable: true,
  do: async (run) => {
    const name = textInput(run, 'name') ?? '';
    const answer = await flags.set(project, name, on(run), textInput(run, 'env'));
    switch (answer.outcome) {
      case 'changed':
        return succeeded(`${answer.what}\n${stateLine(answer.flag)}`);
      case 'unchanged':
        return succeeded(`Nothing to change: ${answer.because}`);
      case 'refused':
        return failed(`${answer.because} ${answer.advice} Nothing was changed.`);
      case 'unknown flag':
        return unknown(name, answer, project);
    }
  },
});
