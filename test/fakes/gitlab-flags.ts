import { type FakeAnswer, fail, json } from './gitlab-faults.ts';

/** A feature flag of the fake, as GitLab's API has it. */
export interface FakeFlag {
  name: string;
  description: string;
  active: boolean;
  version: string;
  strategies: FakeStrategy[];
}

interface FakeStrategy {
  id: number;
  name: string;
  parameters: Record<string, string>;
  scopes: { id: number; environment_scope: string }[];
}

interface Row {
  readonly id?: number;
  readonly _destroy?: boolean;
  readonly name?: string;
  readonly parameters?: Record<string, string>;
  readonly environment_scope?: string;
  readonly scopes?: readonly Row[];
}

/** A flag with one `default` strategy per environment. */
export const fakeFlag = (name: string, active: boolean, environments: readonly string[]): FakeFlag => ({
  name,
  description: `about ${name}`,
  active,
  version: 'new_version_flag',
  strategies: environments.map((environment_scope, index) => ({
    id: index + 1,
    name: 'default',
    parameters: {},
    scopes: [{ id: index + 100, environment_scope }],
  })),
});

/** Answers the feature flag endpoints. */
export const answerFlags = (
  flags: Map<string, FakeFlag>,
  method: string,
  name: string | undefined,
  body: Record<string, unknown>,
): FakeAnswer => {
  if (name === undefined) return json(200, [...flags.values()]);
  const flag = flags.get(name);
  if (!flag) return fail(404, '404 Not found');
  if (method === 'PUT') {
    if (typeof body.active === 'boolean') flag.active = body.active;
    for (const row of (body.strategies ?? []) as readonly Row[]) changeStrategy(flag, row);
  }
  return json(200, flag);
};

let lastId = 1000;

const nextId = (): number => {
  lastId += 1;
  return lastId;
};

const changeStrategy = (flag: FakeFlag, row: Row): void => {
  const old = flag.strategies.find(({ id }) => id === row.id);
  if (row._destroy) flag.strategies = flag.strategies.filter((one) => one !== old);
  else if (old) {
    const gone = (row.scopes ?? []).filter((one) => one._destroy).map(({ id }) => id);
    old.scopes = old.scopes.filter(({ id }) => !gone.includes(id));
  } else {
    const scopes = (row.scopes ?? []).map((one) => ({
      id: nextId(),
      environment_scope: one.environment_scope ?? '*',
    }));
    flag.strategies.push({
      id: nextId(),
      name: row.name ?? 'default',
      parameters: row.parameters ?? {},
      scopes,
    });
  }
};
