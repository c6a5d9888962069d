import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { check } from './check.ts';
import { deliver } from './clients.ts';
import { createDice } from './dice.ts';
import { type Failpoint, points } from './failpoint.ts';
import { gather } from './gather.ts';
import type { Delivered } from './ledgers.ts';
import { tagOf } from './tag.ts';
import { scaledTimes } from './times.ts';
import type { Sending } from './traffic.ts';
import { startWorld, untilQuiet } from './world.ts';

/** What each instance is to die of next. */
const armed = new Map<number, Failpoint>();

const world = await startWorld({
  dir: join(t.testdir(), 'world'),
  dice: createDice('failpoints'),
  instances: 2,
  times: scaledTimes,
  jobMs: 250,
  failpoint: (number) => armed.get(number),
});
t.teardown(world.close);

const delivered: Delivered[] = [];
let sent = 0;

const type = async (instance: number, kind: Sending['kind'], words: string): Promise<string | null> => {
  const tag = tagOf(sent++);
  const user = `U0C${String(sent % 500).padStart(4, '0')}`;
  const text = words === 'cancel' ? words : `${words} ${tag}`;
  const sending: Sending = { tag, kind, text, user, channel: 'C0OPSPROD', at: 0, instance };
  const answered = await deliver(sending, world.urls, 'failpoints');
  delivered.push(answered);
  return answered.attempts.at(-1)?.run ?? null;
};

/** Asks to stop a run; what became of that is seen at the run. */
const cancel = async (instance: number, run: string): Promise<void> => {
  const tag = tagOf(sent++);
  const text = `cancel ${run}`;
  const sending: Sending = {
    tag,
    kind: 'wait',
    text,
    user: 'U0C0001',
    channel: 'C0OPSPROD',
    at: 0,
    instance,
  };
  await deliver(sending, world.urls, 'failpoints');
};

/** A little of everything, so that every step is met. */
const doSomething = async (instance: number): Promise<void> => {
  const [run] = await Promise.all([
    type(instance, 'wait', 'say'),
    type(instance, 'wait', 'say'),
    type(instance, 'link', 'announce'),
    type(instance, 'direct', 'look'),
  ]);
  if (run !== null) await cancel(instance, run);
};

const hasMet = (number: number, { point, when }: Failpoint, from: number): boolean =>
  world.happenings.slice(from).some(({ what, detail }) => {
    const met = detail as Partial<Failpoint> & { readonly number?: number };
    return what === 'failpoint kill' && met.number === number && met.point === point && met.when === when;
  });

const patienceMs = 15_000;

/** Restarts the instance with the failpoint and lets it work until it died of it. Answers whether it did. */
const dieOnce = async (number: number, failpoint: Failpoint): Promise<boolean> => {
  const instance = world.instances[number];
  const from = world.happenings.length;
  const end = Date.now() + patienceMs;
  armed.set(number, failpoint);
  instance?.end('SIGKILL');
  await pause(50);
  await instance?.ready();
  while (Date.now() < end && !hasMet(number, failpoint, from)) {
    await Promise.race([doSomething(number), pause(400)]);
  }
  armed.delete(number);
  return hasMet(number, failpoint, from);
};

const scenarios = points.flatMap((point) =>
  (['before', 'after'] as const).map((when): Failpoint => ({ point, when, nth: 1, do: 'kill' })),
);

await world.sandbox.misbehave({
  gitlab: { seed: 1, start: { errorAfter: 0.3 }, requestLifeMs: 1000 },
  chat: { seed: 1 },
});

t.test('a gateway dies once before and once after every step, and no promise is broken', async (t) => {
  const left = [...scenarios];
  const work = async (number: number): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      t.ok(await dieOnce(number, next), `died ${next.when} ${next.point}`);
    }
  };
  await Promise.all(world.instances.map(({ number }) => work(number)));
  await world.sandbox.behave();
  await untilQuiet(world, 30_000);
  const { ledgers } = await gather(world.dir, world.sandbox, world.look, delivered);
  t.same(check(ledgers), []);
  t.comment(
    `${delivered.length} commands, ${scenarios.length} deaths, ${ledgers.pipelines.length} pipelines`,
  );
});
