import { createHash } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import type { Generation } from '../core/generation.ts';
import type { Alike, Created, Run, RunFilter, RunStore } from '../core/run.ts';
import { createGenerations, type Generations, generationFrom } from './generations.ts';
import {
  dueList,
  entriesOf,
  listsFor,
  pipelineKey,
  pipelineOf,
  retentionMs,
  rows,
  undeliveredList,
} from './lists.ts';
import {
  allowScript,
  createScript,
  forbidScript,
  generationScript,
  listScript,
  prefix,
  saveScript,
} from './lua.ts';
import { plainCause, type RedisClient, type RedisConnections } from './redis-client.ts';
import { fsyncWarnings, settingsWarnings } from './redis-settings.ts';

/** What the store needs. */
export interface RedisStoreOptions extends Pick<RedisConnections, 'client' | 'tried' | 'close'> {
  /** How a run of an earlier life is to be read. */
  readonly doubt: (run: Run, generation: Generation) => Run;
  /** Redis lives a life that was not seen before; the very first one is told too. */
  readonly began: (generation: Generation) => void;
}

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

type Added = 'generation' | 'recorded';

type Stored = Omit<Run, Added> & Partial<Pick<Run, Added>>;

/** The run is what this store wrote as JSON; one that an older gateway wrote lacks what was added since. */
const read = (text: string): Run => {
  const stored = JSON.parse(text) as Stored;
  const { generation = '', recorded = { state: stored.state, pipeline: stored.pipeline !== null } } = stored;
  return { ...stored, generation, recorded };
};

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

/** A write that found Redis in another life. */
const otherLife = -2;

/** Writes in the present life; rejects, and learns anew, when there is another by now. */
const inThisLife =
  (generations: Generations) =>
  async (write: (present: Generation) => Promise<unknown>): Promise<unknown> => {
    const answer = await write(await generations.current());
    if (answer !== otherLife) return answer;
    generations.forget();
    throw new Error('Redis began anew; what was known of it is asked again');
  };

const createdFrom = (answer: unknown): Created => {
  if (typeof answer === 'string') return { alike: read(answer) };
  if (answer === -1) return 'forbidden';
  return answer === 1 ? 'created' : 'exists';
};

/** Keeps runs in Redis: every write is one script with compare-and-set, its lists kept in the same step. */
export const createRedisStore = (options: RedisStoreOptions): RedisStore => {
  const { client, tried, close, doubt } = options;
  const script = {
    create: scriptOn(client, createScript, 0),
    save: scriptOn(client, saveScript, 0),
    forbid: scriptOn(client, forbidScript, 0),
    generation: scriptOn(client, generationScript, 0),
    list: scriptOn(client, listScript, 0),
    allow: scriptOn(client, allowScript, 1),
  };
  const guard = guarded(tried);
  const key = (name: string) => `${prefix}${name}`;
  const generations = createGenerations(async () => generationFrom(await script.generation()), options.began);
  client.on('close', generations.forget);
  const write = inThisLife(generations);
  const generation = () => guard('tell which life it lives', generations.current);

  const create = async (run: Run, alike?: Alike): Promise<Created> => {
    const made = await guard(`save the new run ${run.id}`, () =>
      write(({ id: life }) => {
        if (run.generation !== '' && run.generation !== life)
          throw new Error('Redis began anew since the run was made');
        const next = { ...run, version: run.version + 1, generation: life };
        return script.create(...written(next), life, alike?.key ?? '', alike?.seen ?? '', retentionMs);
      }),
    );
    return createdFrom(made);
  };

  const save = async (run: Run): Promise<Run | 'conflict'> => {
    let next = run;
    const saved = await guard(`save run ${run.id}`, () =>
      write((present) => {
        // It may have been loaded before Redis forgot, by somebody who does not doubt it yet.
        const stands = doubt(run, present);
        next = { ...stands, version: run.version + 1, generation: present.id };
        return script.save(...written(next), present.id, run.version, run.generation);
      }),
    );
    return saved === 1 ? next : 'conflict';
  };

  const load = async (id: string): Promise<Run | undefined> => {
    const present = await generation();
    const text = await guard(`load run ${id}`, () => client.hget(key(`run:${id}`), 'run'));
    return text === null ? undefined : doubt(read(text), present);
  };

  const list = async (filter: RunFilter): Promise<readonly Run[]> => {
    const found = await guard('list runs', () => script.list(rows(filter.limit), ...listsFor(filter)));
    return Array.isArray(found) ? found.map((text) => read(String(text))) : [];
  };

  return {
    create,
    forbid: async (id) =>
      (await guard(`forbid run ${id}`, () => script.forbid(id))) === 1 ? 'forbidden' : 'exists',
    load,
    save,
    generation,
    due: (before, limit) =>
      guard('find due runs', async () => {
        // Asked every few seconds: so that a store that was emptied is noticed although nobody writes.
        generations.forget();
        await generations.current();
        return client.zrangebyscore(key(`runs:${dueList}`), '-inf', before, 'LIMIT', 0, rows(limit));
      }),
    list,
    undelivered: () => guard('count undelivered replies', () => client.zcard(key(`runs:${undeliveredList}`))),
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
