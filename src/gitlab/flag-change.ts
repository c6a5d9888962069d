/** A strategy of a feature flag, as GitLab's API has it: https://docs.gitlab.com/api/feature_flags/ */
export interface Strategy {
  readonly id: number;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly scopes: readonly { readonly id: number; readonly environment: string }[];
}

/** A flag with its strategies. It is on in an environment when it is active and a strategy's scope matches. */
export interface Flag {
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly strategies: readonly Strategy[];
}

/** What to send to GitLab for a change, nothing to send, or why it cannot be done without changing more than was asked. */
export type FlagPlan =
  | {
      readonly plan: 'send';
      readonly body: { readonly active?: boolean; readonly strategies?: readonly object[] };
      readonly what: string;
    }
  | { readonly plan: 'nothing'; readonly because: string }
  | { readonly plan: 'refuse'; readonly because: string; readonly advice: string };

/** Plans switching a flag on or off: as a whole, or in one environment without touching the others. */
export const planFlag = (flag: Flag, on: boolean, environment: string | undefined): FlagPlan => {
  if (environment === undefined) return whole(flag, on);
  return on ? switchOn(flag, environment) : switchOff(flag, environment);
};

const whole = (flag: Flag, on: boolean): FlagPlan => {
  if (flag.active === on) return { plan: 'nothing', because: `${flag.name} is ${on ? 'on' : 'off'} already` };
  if (!on) return { plan: 'send', body: { active: false }, what: `${flag.name} is off in every environment` };
  const where = environmentsOf(flag.strategies);
  const what =
    where.length === 0
      ? `${flag.name} is on, but has no strategy yet, so it reaches nobody`
      : `${flag.name} is on, by its strategies for ${where.join(', ')}`;
  return { plan: 'send', body: { active: true }, what };
};

const switchOn = (flag: Flag, environment: string): FlagPlan => {
  const full = flag.strategies.find((one) => one.name === 'default' && matches(one, environment));
  const others = environmentsOf(flag.strategies).filter((one) => one !== environment);
  if (!flag.active && others.length > 0) {
    return {
      plan: 'refuse',
      because: `${flag.name} is off as a whole; switching it on for ${environment} would switch it on for ${others.join(', ')} too`,
      advice: 'Switch the whole flag on, or first take the other environments out of it in GitLab.',
    };
  }
  if (full && flag.active)
    return { plan: 'nothing', because: `${flag.name} is on in ${environment} already` };
  const partial = flag.strategies.filter((one) => has(one, environment));
  const what = `${flag.name} is on for everyone in ${environment}`;
  const active = flag.active ? {} : { active: true };
  if (full) return { plan: 'send', body: active, what };
  const added = { name: 'default', parameters: {}, scopes: [{ environment_scope: environment }] };
  const strategies = [...partial.map((one) => taken(one, environment)), added];
  const instead = partial.length > 0 ? ` (until now ${partial.map(reach).join(', ')})` : '';
  return { plan: 'send', body: { ...active, strategies }, what: `${what}${instead}` };
};

const switchOff = (flag: Flag, environment: string): FlagPlan => {
  if (!flag.active) return { plan: 'nothing', because: `${flag.name} is off everywhere already` };
  const wider = flag.strategies
    .flatMap(({ scopes }) => scopes.map((one) => one.environment))
    .find((scope) => scope !== environment && covers(scope, environment));
  if (wider !== undefined) {
    return {
      plan: 'refuse',
      because: `a strategy of ${flag.name} for "${wider}" covers ${environment} and cannot be switched off for it alone`,
      advice: 'Switch the whole flag off, or give it one strategy per environment in GitLab.',
    };
  }
  const own = flag.strategies.filter((one) => has(one, environment));
  if (own.length === 0) return { plan: 'nothing', because: `${flag.name} is not on in ${environment}` };
  const strategies = own.map((one) => taken(one, environment));
  return { plan: 'send', body: { strategies }, what: `${flag.name} is off in ${environment}` };
};

/** The strategy without the environment; gone when that was its only one. */
const taken = (strategy: Strategy, environment: string): object => {
  const { id, scopes } = strategy;
  if (scopes.every((one) => one.environment === environment)) return { id, _destroy: true };
  const own = scopes.filter((one) => one.environment === environment);
  return { id, scopes: own.map((one) => ({ id: one.id, _destroy: true })) };
};

const has = ({ scopes }: Strategy, environment: string): boolean =>
  scopes.some((one) => one.environment === environment);

const matches = ({ scopes }: Strategy, environment: string): boolean =>
  scopes.some((one) => covers(one.environment, environment));

/** Whether a scope matches an environment. `*` in a scope stands for any text: https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable */
export const covers = (scope: string, environment: string): boolean => {
  const [first = '', ...rest] = scope.split('*');
  if (rest.length === 0) return scope === environment;
  const last = rest.pop() ?? '';
  if (!environment.startsWith(first) || environment.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = environment.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return environment.length - last.length >= at && environment.endsWith(last);
};

const environmentsOf = (strategies: readonly Strategy[]): readonly string[] => [
  ...new Set(strategies.flatMap(({ scopes }) => scopes.map((one) => one.environment))),
];

/** Whom a strategy reaches, in words. */
export const reach = ({ name, parameters }: Strategy): string => {
  if (name === 'default') return 'everyone';
  if (name === 'gradualRolloutUserId') return `${parameters.percentage ?? '?'} % of users`;
  if (name === 'flexibleRollout')
    return `${parameters.rollout ?? '?'} % by ${parameters.stickiness ?? 'default'}`;
  if (name === 'userWithId') return 'named users';
  return name === 'gitlabUserList' ? 'a user list' : name;
};
