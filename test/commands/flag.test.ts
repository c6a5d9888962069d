import t from 'tap';
import { type Flags, type FlagView, getFlag, setFlag } from '../../src/commands/flag.ts';
import { run } from '../support/runs.ts';

type Answer = Awaited<ReturnType<Flags['set']>>;

const flag = (active: boolean, ...scopes: readonly (readonly [scope: string, whom: string])[]): FlagView => ({
  name: 'dark-mode',
  description: '',
  active,
  reaches: scopes.map(([environment, whom]) => ({
    environment,
    whom,
    covers: (one) =>
      environment.endsWith('*') ? one.startsWith(environment.slice(0, -1)) : one === environment,
  })),
});

/** A project with one flag, and how it was asked to change. */
const world = (view: FlagView, answer?: Answer) => {
  const changes: unknown[] = [];
  const flags: Flags = {
    list: async () => [view],
    get: async () => ({ outcome: 'found', flag: view }),
    set: async (...asked) => {
      changes.push(asked);
      return answer ?? { outcome: 'changed', flag: view, what: 'changed' };
    },
  };
  return { flags, changes };
};

t.test('setting a flag to a word that is neither on nor off changes nothing', async (t) => {
  for (const state of ['', 'onn', 'ON', 'true', 'enabled', 1]) {
    const { flags, changes } = world(flag(true));
    const ended = await setFlag(flags, 'app/shop').do(run({ input: { name: 'dark-mode', state } }));
    t.match(
      ended,
      { state: 'failed', outcome: { because: /neither on nor off.*Nothing was changed\.$/ } },
      `${state}`,
    );
    t.same(changes, [], `${state}`);
  }
  const { flags, changes } = world(flag(true));
  t.match(
    await setFlag(flags, 'app/shop').do(run({ input: { on: true } })),
    { state: 'failed' },
    'no word at all',
  );
  t.same(changes, []);
});

t.test('on and off, as a word or as true and false, are passed on', async (t) => {
  const { flags, changes } = world(flag(true));
  const { do: set } = setFlag(flags, 'app/shop');
  for (const state of ['on', 'off', true, false]) await set(run({ input: { name: 'dark-mode', state } }));
  await set(run({ input: { name: 'dark-mode', state: 'off', env: 'staging' } }));
  t.same(changes, [
    ['app/shop', 'dark-mode', true, undefined],
    ['app/shop', 'dark-mode', false, undefined],
    ['app/shop', 'dark-mode', true, undefined],
    ['app/shop', 'dark-mode', false, undefined],
    ['app/shop', 'dark-mode', false, 'staging'],
  ]);
});

t.test('how a flag stands in one environment is told by every strategy that covers it', async (t) => {
  const table: readonly (readonly [string, FlagView, string, string])[] = [
    ['off as a whole', flag(false, ['*', 'everyone']), 'production', 'dark-mode is off in production'],
    ['elsewhere only', flag(true, ['staging', 'everyone']), 'production', 'dark-mode is off in production'],
    [
      'here',
      flag(true, ['production', 'everyone']),
      'production',
      'dark-mode is on in production (everyone)',
    ],
    [
      'everywhere',
      flag(true, ['*', '25 % of users']),
      'production',
      'dark-mode is on in production (25 % of users)',
    ],
    [
      'by a pattern',
      flag(true, ['prod*', 'everyone']),
      'production',
      'dark-mode is on in production (everyone)',
    ],
    [
      'by a folder',
      flag(true, ['review/*', 'everyone']),
      'review/x',
      'dark-mode is on in review/x (everyone)',
    ],
  ];
  for (const [name, view, env, text] of table) {
    const ended = await getFlag(world(view).flags, 'app/shop').do(run({ input: { name: 'dark-mode', env } }));
    t.same(ended, { state: 'succeeded', outcome: { text } }, name);
  }
});

t.test('an answer that was lost is told as what holds now, or as open', async (t) => {
  const view = flag(false);
  const table: readonly (readonly [Answer, object])[] = [
    [
      { outcome: 'not done', flag: view, because: 'GitLab went away.' },
      {
        state: 'failed',
        outcome: { because: 'GitLab went away. Read again: dark-mode is off. Nothing was changed so far.' },
      },
    ],
    [
      { outcome: 'uncertain', because: 'GitLab went away.' },
      {
        state: 'uncertain',
        outcome: { because: 'GitLab went away. It may have been done all the same; look whether it was.' },
      },
    ],
  ];
  for (const [answer, told] of table) {
    const { flags } = world(view, answer);
    const input = { name: 'dark-mode', state: 'on' };
    t.same(await setFlag(flags, 'app/shop').do(run({ input })), told, answer.outcome);
  }
});
