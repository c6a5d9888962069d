import { Redis } from 'ioredis';
import type { RedisClient } from '../../src/store/redis-client.ts';
import type { Dice } from '../faults/dice.ts';
import { someTime } from './calls.ts';
import type { Faults } from './faults.ts';
import { type RedisServer, scriptName } from './redis-server.ts';
import type { Life, Scheduler } from './scheduler.ts';

type Argument = string | number;

/** A connection dies with the life of Redis that it was made to. What is on its way arrives in its order. */
interface Connection {
  readonly serverLife: string;
  lastArrival: number;
  open: boolean;
  readonly pending: Set<(error: Error) => void>;
  readonly broken: () => void;
}

/** The way to Redis that all instances share. */
export interface RedisWay {
  readonly server: RedisServer;
  readonly connections: Set<Connection>;
  /** It takes no new connections until then. */
  awayUntil: number;
  /** It keeps connections open and does nothing until then. */
  hangsUntil: number;
}

export interface RedisConnectionParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly dice: Dice;
  readonly way: RedisWay;
  readonly answerLost: number;
}

/** As the gateway's client is set up: no queue while it is not connected, no repeat, answers within this. */
const commandMs = 1500;
const reconnectMs = 100;

/** Never connects: its commands are given other ways. */
const idle = { lazyConnect: true, enableOfflineQueue: false } as const;

/** A client of the simulated Redis, for one life of an instance. */
export const connectSimulated = (parts: RedisConnectionParts, life: Life): RedisClient => {
  const { scheduler, faults, dice, way, answerLost } = parts;
  const { server } = way;
  const client = new Redis(idle);
  let connection: Connection | undefined;

  const lose = (lost: Connection): void => {
    if (!lost.open) return;
    lost.open = false;
    way.connections.delete(lost);
    if (connection === lost) connection = undefined;
    for (const reject of lost.pending) reject(new Error('Connection is closed.'));
    client.emit('close');
    scheduler.after(reconnectMs, life, connect);
  };

  const connect = (): void => {
    if (scheduler.now() < way.awayUntil) {
      scheduler.after(reconnectMs, life, connect);
      return;
    }
    const made: Connection = {
      serverLife: server.life(),
      lastArrival: 0,
      open: true,
      pending: new Set(),
      broken: () => scheduler.after(dice.between(0, 20), life, () => lose(made)),
    };
    way.connections.add(made);
    connection = made;
  };

  const arrive = (on: Connection, act: () => void): void => {
    const hung = way.hangsUntil - scheduler.now();
    if (hung > 0) scheduler.after(hung, undefined, () => arrive(on, act));
    else if (server.life() === on.serverLife) act();
  };

  /** When it reaches Redis: in order with what is on the same connection. */
  const inOrder = (on: Connection, act: () => void): void => {
    const at = Math.max(on.lastArrival, scheduler.now() + someTime(dice));
    on.lastArrival = at;
    scheduler.after(at - scheduler.now(), undefined, () => arrive(on, act));
  };

  const send = (point: string, effect: () => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (life.dead) return;
      faults.reached(point, 'asked', life);
      const on = connection;
      if (on === undefined) return reject(new Error("Stream isn't writeable"));
      on.pending.add(reject);
      const settle = (act: () => void): void => {
        if (on.pending.delete(reject)) act();
      };
      const tell = (act: () => void): void =>
        scheduler.after(someTime(dice), life, () => on.open && settle(act));
      const act = (): void => {
        const lost = !faults.isCalm() && dice.chance(answerLost);
        try {
          const answer = effect();
          faults.reached(point, 'done', life);
          if (lost) on.broken();
          else tell(() => resolve(answer));
        } catch (error) {
          tell(() => reject(error));
        }
      };
      scheduler.after(0, life, () => on.open && inOrder(on, act));
      scheduler.after(
        commandMs,
        life,
        () =>
          settle(() => {
            reject(new Error('Command timed out'));
            lose(on);
          }),
        'timer',
      );
    });

  connect();
  return Object.assign(client, {
    evalsha: (sha: string, _keys: Argument, ...args: Argument[]) =>
      send(`redis.${scriptName(sha)}`, () => server.evalsha(sha, args)),
    eval: (lua: string, _keys: Argument, ...args: Argument[]) =>
      send(`redis.${scriptName(lua)}`, () => server.eval(lua, args)),
    hget: async (key: string) => {
      const text = await send('redis.load', () => server.load(key));
      return typeof text === 'string' ? text : null;
    },
    set: async (key: string): Promise<'OK' | null> =>
      (await send('redis.first', () => server.first(key))) === 'OK' ? 'OK' : null,
    zrangebyscore: async (_key: string, _from: string, before: number, ...rest: Argument[]) => {
      const ids = await send('redis.due', () => server.due(before, Number(rest.at(-1))));
      return Array.isArray(ids) ? ids.map(String) : [];
    },
  });
};
