import { GatewayError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import { GitLabError, isAbsent } from './answers.ts';
import type { GitLab } from './client.ts';
import { covers, type Flag, type FlagPlan, planFlag, reach, type Strategy } from './flag-change.ts';
import { fieldsOf, idOf, listOf, textOf } from './shapes.ts';

/** A feature flag as it is shown. It reaches people only while it is active. */
export interface FlagView {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  /** Environment scope (may hold `*`), whom it reaches there, and whether one environment is meant by it. */
  readonly reaches: readonly {
    readonly environment: string;
    readonly whom: string;
    covers(environment: string): boolean;
  }[];
}

/** No such flag; the names that may have been meant. */
export interface UnknownFlag {
  readonly outcome: 'unknown flag';
  readonly nearest: readonly string[];
}

/**
 * How a change ended. `what` and `because` say in words what holds now.
 * `not done` and `uncertain`: the answer was lost (`because` says how); read again, the flag was not as asked, or could not be read.
 */
export type FlagChange =
  | { readonly outcome: 'changed'; readonly flag: FlagView; readonly what: string }
  | { readonly outcome: 'unchanged'; readonly flag: FlagView; readonly because: string }
  | { readonly outcome: 'refused'; readonly because: string; readonly advice: string }
  | { readonly outcome: 'not done'; readonly flag: FlagView; readonly because: string }
  | { readonly outcome: 'uncertain'; readonly because: string }
  | UnknownFlag;

type Api = Pick<GitLab, 'FeatureFlags'>;

/** All flags of a project, by name. */
export const listFlags =
  (gitlab: Api) =>
  async (project: string): Promise<readonly FlagView[]> => {
    const flags = listOf(await gitlab.FeatureFlags.all(project, { perPage: 100 }), 'a list of feature flags');
    return flags.map((one) => viewOf(flagFrom(one))).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  };

/** One flag, or the nearest names. */
export const getFlag =
  (gitlab: Api) =>
  async (
    project: string,
    name: string,
  ): Promise<{ readonly outcome: 'found'; readonly flag: FlagView } | UnknownFlag> => {
    const flag = await find(gitlab, project, name);
    return 'outcome' in flag ? flag : { outcome: 'found', flag: viewOf(flag) };
  };

/** Switches a flag: as a whole, or in one environment only. Never makes a flag, never writes twice. Rejects when GitLab refuses or was never asked. */
export const setFlag =
  (gitlab: Api) =>
  async (project: string, name: string, on: boolean, environment?: string): Promise<FlagChange> => {
    const flag = await find(gitlab, project, name);
    if ('outcome' in flag) return flag;
    const plan = planFlag(flag, on, environment);
    if (plan.plan === 'refuse') return { outcome: 'refused', because: plan.because, advice: plan.advice };
    if (plan.plan === 'nothing') return { outcome: 'unchanged', flag: viewOf(flag), because: plan.because };
    try {
      const changed = flagFrom(await gitlab.FeatureFlags.edit(project, name, plan.body));
      return { outcome: 'changed', flag: viewOf(changed), what: plan.what };
    } catch (thrown) {
      if (!isOpen(thrown)) throw thrown;
      const again = await find(gitlab, project, name).catch(() => undefined);
      return afterLoss(`${thrown.message}.`, plan.what, again, (now) => planFlag(now, on, environment));
    }
  };

/** Whether the change may have been made although no good answer came. */
const isOpen = (thrown: unknown): thrown is GatewayError =>
  thrown instanceof GitLabError
    ? thrown.sent && thrown.code !== 'gitlab.refused'
    : thrown instanceof GatewayError;

/** What the flag, read again, tells about a change whose answer was lost: it was made when nothing is left to plan. */
const afterLoss = (
  because: string,
  what: string,
  again: Flag | UnknownFlag | undefined,
  plan: (flag: Flag) => FlagPlan,
): FlagChange => {
  if (again === undefined || 'outcome' in again) return { outcome: 'uncertain', because };
  const flag = viewOf(again);
  if (plan(again).plan !== 'nothing') return { outcome: 'not done', flag, because };
  return { outcome: 'changed', flag, what: `${what} (GitLab's answer was lost, so the flag was read again)` };
};

/** GitLab answers 404 for an unknown flag and an unknown project alike; listing tells them apart by failing itself. */
const find = async (gitlab: Api, project: string, name: string): Promise<Flag | UnknownFlag> => {
  // Nothing, `.` and `..` would be the address of the list or of what is above it.
  if (['', '.', '..'].includes(name)) return { outcome: 'unknown flag', nearest: [] };
  try {
    return flagFrom(await gitlab.FeatureFlags.show(project, name));
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown;
    const names = (await listFlags(gitlab)(project)).map((flag) => flag.name);
    return { outcome: 'unknown flag', nearest: nearest(name, names) };
  }
};

const viewOf = ({ name, description, active, strategies }: Flag): FlagView => ({
  name,
  description,
  active,
  reaches: strategies.flatMap((one) =>
    one.scopes.map(({ environment }) => ({
      environment,
      whom: reach(one),
      covers: (asked) => covers(environment, asked),
    })),
  ),
});

const flagFrom = (value: unknown): Flag => {
  const fields = fieldsOf(value, 'a feature flag');
  return {
    name: textOf(fields, 'name', 'a feature flag'),
    description: typeof fields.description === 'string' ? fields.description : '',
    active: fields.active === true,
    strategies: listOf(fields.strategies ?? [], 'a list of strategies').map(strategyFrom),
  };
};

const strategyFrom = (value: unknown): Strategy => {
  const fields = fieldsOf(value, 'a strategy');
  const parameters = Object.entries(fieldsOf(fields.parameters ?? {}, 'parameters'));
  return {
    id: idOf(fields, 'a strategy'),
    name: textOf(fields, 'name', 'a strategy'),
    parameters: Object.fromEntries(parameters.map(([key, one]) => [key, String(one)])),
    scopes: listOf(fields.scopes ?? [], 'a list of scopes').map((one) => {
      const scope = fieldsOf(one, 'a scope');
      return { id: idOf(scope, 'a scope'), environment: textOf(scope, 'environment_scope', 'a scope') };
    }),
  };
};
