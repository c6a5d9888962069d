import t from 'tap';
import { readPolicyFolder } from '../../src/policy/folder.ts';
import { compileFiles } from './fixtures.ts';

/** Who is in GitLab's groups, as the sandbox's GitLab tells. */
const memberships = [
  ['gitlab:ana', 'gitlab-group:ops/sre'],
  ['gitlab:bo', 'gitlab-group:app/dev'],
] as const;

const compiled = async (members: readonly (readonly [string, string])[] = memberships) => {
  const read = await readPolicyFolder('policies');
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  const result = compileFiles(read.files, members);
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes));
  return result.policy;
};

const who = {
  ana: 'slack:T0SANDBOX/U0ANA',
  bo: 'slack:T0SANDBOX/U0BO',
  gus: 'slack:T0SANDBOX/U0GUS',
} as const;
const where = {
  ops: 'slack:T0SANDBOX/C0OPSPROD',
  dev: 'slack:T0SANDBOX/C0SHOPDEV',
  random: 'slack:T0SANDBOX/C0RANDOM',
} as const;

const flag = (env: string, state?: string) => ({
  name: 'checkout-v2',
  env,
  ...(state === undefined ? {} : { state }),
});
const weight = (env: string, share: number) => ({ backend: 'web', env, weight: share });

type Case = readonly [
  keyof typeof who,
  keyof typeof where,
  string,
  Readonly<Record<string, string | number>>,
];

const denied: readonly Case[] = [
  ['gus', 'ops', 'flag get', flag('staging')],
  ['gus', 'dev', 'hello', { who: 'x' }],
  ['ana', 'dev', 'lb weight', weight('staging', 10)],
  ['ana', 'random', 'flag get', flag('staging')],
  ['ana', 'ops', 'lb weight', weight('production', 51)],
  ['bo', 'random', 'flag get', flag('staging')],
  ['bo', 'dev', 'flag set', flag('production', 'on')],
  ['bo', 'ops', 'flag set', flag('staging', 'on')],
  ['bo', 'dev', 'lb weight', weight('staging', 26)],
  ['bo', 'dev', 'lb weight', weight('production', 10)],
  ['bo', 'dev', 'release', { service: 'web', version: 'v42' }],
];

const allowed: readonly Case[] = [
  ['ana', 'ops', 'lb weight', weight('production', 50)],
  ['ana', 'ops', 'release', { service: 'web', version: 'v42' }],
  ['ana', 'ops', 'flag set', flag('production', 'off')],
  ['ana', 'ops', 'hello', { who: 'world' }],
  ['bo', 'dev', 'flag get', flag('production')],
  ['bo', 'ops', 'flag list', {}],
  ['bo', 'dev', 'flag set', flag('staging', 'on')],
  ['bo', 'dev', 'lb weight', weight('staging', 25)],
];

t.test('while GitLab has not told who is in its groups, nobody may do anything', async (t) => {
  const policy = await compiled([]);
  for (const [caller, channel, command, input] of allowed)
    t.equal(policy.decide({ caller: who[caller], channel: where[channel], command, input }).allowed, false);
});

t.test('the policies that come with the gateway mean what they say', async (t) => {
  const policy = await compiled();
  for (const [cases, wanted] of [
    [denied, false],
    [allowed, true],
  ] as const)
    for (const [caller, channel, command, input] of cases) {
      const decision = policy.decide({ caller: who[caller], channel: where[channel], command, input });
      t.equal(decision.allowed, wanted, `${caller} in ${channel}: ${command} ${JSON.stringify(input)}`);
    }
  t.strictSame(
    policy.commands.map(({ name }) => name),
    ['flag get', 'flag list', 'flag set', 'hello', 'lb weight', 'release'],
  );
});
