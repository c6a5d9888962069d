import { createHash } from 'node:crypto';
import {
  createScript,
  forbidScript,
  generationScript as generationLua,
  listScript,
  prefix,
  saveScript,
} from '../../src/store/lua.ts';

type Argument = string | number;

interface Kept {
  readonly version: string;
  readonly generation: string;
  readonly run: string;
  readonly entries: ReadonlyMap<string, number>;
}

interface Noted {
  readonly life: string;
  readonly id: string;
  readonly began: number;
  readonly first: '0' | '1';
}

/** All that Redis holds. Never changed in place, so that an earlier one can be gone back to. */
interface Held {
  readonly runs: ReadonlyMap<string, Kept>;
  readonly forbidden: ReadonlySet<string>;
  readonly alike: ReadonlyMap<string, string>;
  readonly noted: Noted | undefined;
  /** Requests that were received: a key is kept for far longer than a request is genuine. */
  readonly received: ReadonlySet<string>;
}

const nothing: Held = {
  received: new Set(),
  runs: new Map(),
  forbidden: new Set(),
  alike: new Map(),
  noted: undefined,
};

const digest = (lua: string): string => createHash('sha1').update(lua).digest('hex');

/** The scripts of the store by their digest, under short names. */
const scripts: ReadonlyMap<string, string> = new Map([
  [digest(createScript), 'create'],
  [digest(saveScript), 'save'],
  [digest(forbidScript), 'forbid'],
  [digest(generationLua), 'generation'],
  [digest(listScript), 'list'],
]);

/** The short name of a script. */
export const scriptName = (digestOrText: string): string =>
  scripts.get(digestOrText) ?? scripts.get(digest(digestOrText)) ?? 'unknown';

const parsed = (json: Argument | undefined): readonly string[] => JSON.parse(String(json)) as string[];

const kept = (args: readonly Argument[], generation: Argument | undefined): Kept => {
  const scores = parsed(args[4]).map(Number);
  return {
    version: String(args[1]),
    generation: String(generation),
    run: String(args[2]),
    entries: new Map(parsed(args[3]).map((list, at) => [list, scores[at] ?? 0])),
  };
};

/** What Redis does, as far as the store asks for it. `forget` is how it loses its last writes. */
export const createRedisServer = (now: () => number) => {
  let held = nothing;
  let life = 'life1';
  let lives = 1;
  let history: Held[] = [];
  let known = new Set<string>();

  const become = (next: Partial<Held>): void => {
    history.push(held);
    history = history.slice(-60);
    held = { ...held, ...next };
  };

  const put = (args: readonly Argument[], generation: Argument | undefined): void =>
    become({ runs: new Map(held.runs).set(String(args[0]), kept(args, generation)) });

  const create = (args: readonly Argument[]): unknown => {
    const id = String(args[0]);
    const [generation, key, seen] = [args[6], String(args[7]), String(args[8])];
    if (held.noted?.id !== generation) return -2;
    if (held.runs.has(id)) return 0;
    if (held.forbidden.has(id)) return -1;
    if (key !== '') {
      const newest = held.alike.get(key);
      const other = newest === undefined ? undefined : held.runs.get(newest);
      if (other !== undefined && newest !== seen && seen !== 'any') return other.run;
      held = { ...held, alike: new Map(held.alike).set(key, id) };
    }
    put(args, generation);
    return 1;
  };

  const save = (args: readonly Argument[]): unknown => {
    if (held.noted?.id !== args[6]) return -2;
    const there = held.runs.get(String(args[0]));
    if (there?.version !== String(args[7]) || there.generation !== String(args[8])) return 0;
    put(args, args[6]);
    return 1;
  };

  const forbid = ([id]: readonly Argument[]): unknown => {
    if (held.runs.has(String(id))) return 0;
    become({ forbidden: new Set(held.forbidden).add(String(id)) });
    return 1;
  };

  const generation = (): unknown => {
    const { noted } = held;
    if (noted?.life === life) return [noted.id, String(noted.began), noted.first];
    const began = now();
    const next = { life, id: `${life}-${began}`, began, first: noted === undefined ? '1' : '0' } as const;
    become({ noted: next });
    return [next.id, String(began), next.first];
  };

  const acts: Readonly<Record<string, (args: readonly Argument[]) => unknown>> = {
    create,
    save,
    forbid,
    generation,
  };

  const act = (name: string, args: readonly Argument[]): unknown => {
    const found = acts[name];
    if (found === undefined) throw new Error(`the script ${name} is not simulated`);
    return found(args);
  };

  return {
    life: () => life,
    evalsha: (sha: string, args: readonly Argument[]): unknown => {
      if (!known.has(sha)) throw new Error('NOSCRIPT No matching script');
      return act(scriptName(sha), args);
    },
    eval: (lua: string, args: readonly Argument[]): unknown => {
      known.add(digest(lua));
      return act(scriptName(lua), args);
    },
    load: (key: string): string | null => held.runs.get(key.slice(`${prefix}run:`.length))?.run ?? null,
    due: (before: number, limit: number): readonly string[] =>
      [...held.runs]
        .map(([id, { entries }]) => [id, entries.get('due') ?? Number.POSITIVE_INFINITY] as const)
        .filter(([, at]) => at <= before)
        .sort(([, a], [, b]) => a - b)
        .slice(0, limit)
        .map(([id]) => id),
    first: (key: string): 'OK' | null => {
      if (held.received.has(key)) return null;
      become({ received: new Set(held.received).add(key) });
      return 'OK';
    },
    /** Runs as they are stored, as JSON. */
    runs: (): readonly string[] => [...held.runs.values()].map(({ run }) => run),
    /** Ends and begins anew without so many of its last writes. */
    restart: (lost: number | 'everything'): void => {
      const back = lost === 'everything' ? nothing : (history.at(-lost) ?? nothing);
      held = lost === 0 ? held : back;
      if (lost !== 0)
        history = lost === 'everything' ? [] : history.slice(0, Math.max(0, history.length - lost));
      life = `life${++lives}`;
      known = new Set();
    },
    empty: (): void => {
      held = nothing;
      history = [];
    },
  };
};

export type RedisServer = ReturnType<typeof createRedisServer>;
