import { createHash } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import type { Run, RunFilter, RunStore } from '../core/run.ts';
import { dueList, entriesOf, listsFor, pipelineKey, pipelineOf, rows } from './lists.ts';
import { allowScript, createScript, listScript, prefix, saveScript } from './lua.ts';
import { plainCause, type RedisClient, type RedisConnections } from './redis-client.ts';
import { fsyncWarnings, settingsWarnings } from './redis-settings.ts';

/** Runs kept in Redis. `checkRedis` lists what in Redis' settings endangers runs; empty when all is well. */
export type RedisStore = RunStore & { checkRedis(): Promise<readonly string[]> };

type Argument = string | number;

/** A script as it is asked for: by its digest, and by its text only when Redis does not know it (after a restart, nothing was done then). */
const scriptOn = (client: RedisClient, lua: string, keys: number) => {
  const digest = createHash('sha1').update(lua).digest('hex');
  return async (...args: readonly Argument[]): Promise<unknown> => {
    try {
      return await client.evalsha(digest, keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await client.eval(lua, keys, ...args);
    }
  };
};

/** The run is what this store wrote as JSON. */
const read = (text: string): Run => JSON.parse(text) as Run;

const written = (run: Run): readonly Argument[] => {
  const entries = entriesOf(run);
  return [
    run.id,
    run.version,
    JSON.stringify(run),
    JSON.stringify(entries.map((entry) => entry.list)),
    JSON.stringify(entries.map((entry) => String(entry.score))),
    pipelineOf(run) ?? '',
  ];
};

/** Does one thing with Redis; whatever goes wrong is `store.unavailable`. */
const guarded =
  (tried: () => Promise<void>) =>
  async <T>(doing: string, act: () => Promise<T>): Promise<T> => {
    await tried();
    try {
      return await act();
    } catch (error) {
      const cause = plainCause(error);
      throw new GatewayError('store.unavailable', `Redis could not ${doing}: ${cause.message}`, { cause });
    }
  };

/** Keeps runs in Redis: every write is one script with compare-and-set, its lists kept in the same step. */
export const createRedisStore = ({ client, tried, close }: RedisConnections): RedisStore => {
  const script = {
    create: scriptOn(client, createScript, 0),
    save: scriptOn(client, saveScript, 0),
    list: scriptOn(client, listScript, 0),
    allow: scriptOn(client, allowScript, 1),
  };
  const guard = guarded(tried);
  const key = (name: string) => `${prefix}${name}`;

  const save = async (run: Run): Promise<Run | 'conflict'> => {
    const next = { ...run, version: run.version + 1 };
    const saved = await guard(`save run ${run.id}`, () => script.save(...written(next), run.version));
    return saved === 1 ? next : 'conflict';
  };

  const list = async (filter: RunFilter): Promise<readonly Run[]> => {
    const found = await guard('list runs', () => script.list(rows(filter.limit), ...listsFor(filter)));
    return Array.isArray(found) ? found.map((text) => read(String(text))) : [];
  };

  return {
    create: async (run) => {
      const next = { ...run, version: run.version + 1 };
      const made = await guard(`save the new run ${run.id}`, () => script.create(...written(next)));
      return made === 1 ? 'created' : 'exists';
    },
    load: async (id) => {
      const text = await guard(`load run ${id}`, () => client.hget(key(`run:${id}`), 'run'));
      return text === null ? undefined : read(text);
    },
    save,
    due: (before, limit) =>
      guard('find due runs', () =>
        client.zrangebyscore(key(`runs:${dueList}`), '-inf', before, 'LIMIT', 0, rows(limit)),
      ),
    list,
    byPipeline: async (project, pipelineId) =>
      (await guard('find a run by its pipeline', () =>
        client.hget(key('pipelines'), pipelineKey(project, pipelineId)),
      )) ?? undefined,
    firstTime: async (name, ttlMs) =>
      (await guard('remember a key', () =>
        client.set(key(`first:${name}`), '1', 'PX', Math.max(1, Math.ceil(ttlMs)), 'NX'),
      )) === 'OK',
    allow: async (name, count, perMs) =>
      (await guard('count a use', () => script.allow(key(`allow:${name}`), count, Math.ceil(perMs)))) === 1,
    ping: async () => {
      await guard('answer', () => client.ping());
    },
    checkRedis: () =>
      guard('tell its settings', async () => [
        ...settingsWarnings(await client.info()),
        // Many a hosted Redis does not allow CONFIG.
        ...fsyncWarnings(await client.config('GET', 'appendfsync').catch(() => undefined)),
      ]),
    close,
  };
};
