import type { Run } from '../core/run.ts';
import type { Effect, Effected } from './direct.ts';

/** A feature flag as GitLab keeps it: active or not, and whom it reaches in which environment. */
export interface FlagView {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly reaches: readonly {
    /** May hold `*` for any text. */
    readonly environment: string;
    readonly whom: string;
    /** Whether it reaches people in this one environment. */
    covers(environment: string): boolean;
  }[];
}

interface UnknownFlag {
  readonly outcome: 'unknown flag';
  readonly nearest: readonly string[];
}

/**
 * What the flag commands need of GitLab. Each rejects when GitLab cannot be asked.
 * `not done` and `uncertain`: GitLab's answer to the change was lost; read again, the flag was not as asked, or could not be read.
 */
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
    | { readonly outcome: 'not done'; readonly flag: FlagView; readonly because: string }
    | { readonly outcome: 'uncertain'; readonly because: string }
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
  const here = flag.reaches.filter((each) => each.covers(environment));
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

/** What the flag is to be; undefined when the word is neither on nor off. */
const wanted = ({ input: { state } }: Run): boolean | undefined => {
  if (state === true || state === 'on') return true;
  return state === false || state === 'off' ? false : undefined;
};

const uncertain = (because: string): Effected => ({ state: 'uncertain', outcome: { because } });

/** `use: gitlab.feature-flag.set`; reads the inputs `name`, `state` (on or off) and, where declared, `env`. Setting it twice is as setting it once. */
export const setFlag = (flags: Flags, project: string): Effect => ({
  repeatable: true,
  do: async (run) => {
    const name = textInput(run, 'name') ?? '';
    const on = wanted(run);
    if (on === undefined)
      return failed(
        `The state "${textInput(run, 'state') ?? ''}" is neither on nor off. Nothing was changed.`,
      );
    const answer = await flags.set(project, name, on, textInput(run, 'env'));
    switch (answer.outcome) {
      case 'changed':
        return succeeded(`${answer.what}\n${stateLine(answer.flag)}`);
      case 'unchanged':
        return succeeded(`Nothing to change: ${answer.because}`);
      case 'refused':
        return failed(`${answer.because} ${answer.advice} Nothing was changed.`);
      case 'not done':
        return failed(`${answer.because} Read again: ${stateLine(answer.flag)}. Nothing was changed so far.`);
      case 'uncertain':
        return uncertain(`${answer.because} It may have been done all the same; look whether it was.`);
      case 'unknown flag':
        return unknown(name, answer, project);
    }
  },
});
