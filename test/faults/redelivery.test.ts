import { join } from 'node:path';
import t from 'tap';
import { readAnswer } from './answers.ts';
import { check } from './check.ts';
import { deliverOnce, requestFor } from './clients.ts';
import { createDice } from './dice.ts';
import { gather } from './gather.ts';
import type { Delivered } from './ledgers.ts';
import { scaledTimes } from './times.ts';
import type { Sending } from './traffic.ts';
import { startWorld, untilQuiet } from './world.ts';

const world = await startWorld({
  dir: join(t.testdir(), 'world'),
  dice: createDice('redelivery'),
  instances: 2,
  times: scaledTimes,
});
t.teardown(world.close);

/** The very same signed request, ten times at once, to both instances in turn. */
const deliverTenfold = async (sending: Sending): Promise<Delivered> => {
  const request = requestFor(sending, 'redelivery');
  const attempts = await Promise.all(
    Array.from({ length: 10 }, async (_, at) => {
      const instance = at % world.urls.length;
      return { instance, ...readAnswer(await deliverOnce(world.urls[instance] ?? '', request)) };
    }),
  );
  return { ...sending, attempts };
};

t.test('the same request ten times over two instances: one run, one pipeline, one message', async (t) => {
  const sendings = ['k00001', 'k00002', 'k00003'].map((tag): Sending => {
    const kind = 'wait';
    return { tag, kind, text: `say ${tag}`, user: 'U0ANA', channel: 'C0OPSPROD', at: 0, instance: 0 };
  });
  const delivered = await Promise.all(sendings.map(deliverTenfold));
  await untilQuiet(world, 20_000);
  const { ledgers } = await gather(world.dir, world.sandbox, world.look, delivered);
  t.same(check(ledgers), []);
  for (const { attempts } of delivered) {
    const said = attempts.map((attempt) => attempt.said).sort();
    t.same(said, ['accepted', ...Array.from({ length: 9 }, () => 'replayed')]);
  }
  t.equal(ledgers.runs.length, 3);
  t.equal(ledgers.pipelines.length, 3);
  t.equal(ledgers.messages.filter(({ text }) => /\br[0-9a-z]{20}\b/.test(text)).length, 3);
});
