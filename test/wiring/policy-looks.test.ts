import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { requirements } from '../../src/config-policies.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { createPolicyKeeper } from '../../src/policy/keeper.ts';
import { createLastGood } from '../../src/policy/last-good.ts';
import { checkPolicies } from '../../src/policy/review/check.ts';
import { uses } from '../../src/wiring/effects.ts';
import { createProjectReader } from '../../src/wiring/policy-project.ts';
import { projectSource } from '../../src/wiring/policy-source.ts';
import { createPolicyBranch, kinds } from '../fakes/policy-branch.ts';

const settings = { reserved: ['help'], uses };
const now = () => Date.UTC(2026, 10, 21, 12);

type World = ReturnType<typeof createPolicyBranch>;

const config = (cache: string) => ({
  project: 'chatops/policies',
  ref: 'main',
  folder: '',
  cache,
  pollMs: 3_600_000,
  require: requirements,
});

/** One instance of the gateway, as far as its policy goes, on a disk of its own. */
const begin = async ({ api }: World, cache: string) => {
  const reader = createProjectReader({
    config: config(cache),
    api,
    thread: {
      check: async ({ files, memberships }) => ({
        ok: true,
        answer: checkPolicies(files, { ...settings, memberships, now }),
      }),
    },
    settings,
    memberships: () => [],
    now,
  });
  const kept = createLastGood(cache, 'gitlab:chatops/policies@main', 'secret');
  let saved: Promise<void> = Promise.resolve();
  const lastGood = {
    ...kept,
    save: (...given: Parameters<typeof kept.save>) => {
      saved = kept.save(...given);
      return saved;
    },
  };
  const log = { warn: () => undefined, error: () => undefined };
  const { read } = reader;
  const source = await projectSource({ config: config(cache), read, lastGood, now, random: () => 0.5, log });
  const keeper = await createPolicyKeeper({
    read: source.read,
    using: source.used,
    compile: (files, memberships) => compilePolicy({ ...settings, files, memberships, now }),
  });
  return { keeper, saved: () => saved };
};

type Instance = Awaited<ReturnType<typeof begin>>;

const mayMove = ({ keeper }: Instance, weight: number): boolean =>
  keeper.current().decide({
    caller: 'slack:T1/UBO',
    channel: 'slack:T1/CDEV',
    command: 'lb weight',
    input: { backend: 'web', weight, env: 'staging' },
  }).allowed;

const who = fc.integer({ min: 0, max: 1 });
const mostly = fc.constantFrom(true, true, true, false);
const kind = fc.oneof(fc.constant('right' as const), fc.constantFrom(...kinds));

const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('push' as const), kind, most: fc.integer({ min: 0, max: 90 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('force back' as const), to: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('protect' as const), yes: mostly }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('there' as const), yes: mostly }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('look' as const), who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('restart' as const), who }) },
);

/** What an instance should have: the commit in force, and the one that it need not look at again. */
interface Expected {
  inForce: string;
  passed: string | undefined;
}

const look = (expected: Expected, { branch, commits }: World): void => {
  if (branch.away || branch.head === expected.passed) return;
  if (!branch.protected || commits.get(branch.head)?.kind !== 'right') return;
  expected.passed = branch.head;
  expected.inForce = branch.head;
};

t.test(
  'whatever happens in GitLab, only commits that are right come into force, and the newest of them does',
  async (t) => {
    let folders = 0;
    const root = t.testdir();
    const counted = { swaps: 0, kept: 0 };
    const run = async (
      happenings: readonly (typeof happening extends fc.Arbitrary<infer One> ? One : never)[],
    ) => {
      const world = createPolicyBranch();
      const { branch, commits } = world;
      const first = branch.push('right', 10);
      const caches = [0, 1].map((who) => join(root, `${folders++}-${who}`));
      const instances = await Promise.all(caches.map((cache) => begin(world, cache)));
      const expected: Expected[] = [0, 1].map(() => ({ inForce: first.sha, passed: first.sha }));
      for (const one of happenings) {
        if (one.what === 'push') branch.push(one.kind, one.most);
        if (one.what === 'force back') branch.head = [...commits.keys()][one.to % commits.size] ?? '';
        if (one.what === 'protect') branch.protected = one.yes;
        if (one.what === 'there') branch.away = !one.yes;
        if (one.what !== 'look' && one.what !== 'restart') continue;
        const [instance, should] = [instances[one.who], expected[one.who]];
        if (instance === undefined || should === undefined) throw new Error('there are two');
        const before = should.inForce;
        if (one.what === 'look') await instance.keeper.reload();
        else {
          await instance.saved();
          should.passed = undefined;
          instances[one.who] = await begin(world, caches[one.who] ?? '');
        }
        look(should, world);
        counted[before === should.inForce ? 'kept' : 'swaps']++;
        const found = instances[one.who] ?? instance;
        const { most = -1 } = commits.get(should.inForce) ?? {};
        if (found.keeper.current().revision !== should.inForce.slice(0, 12))
          throw new Error(`${found.keeper.current().revision} is in force instead of ${should.inForce}`);
        if (!mayMove(found, most) || mayMove(found, most + 1)) throw new Error(`${most} is not the limit`);
      }
      branch.away = false;
      branch.protected = true;
      const last = branch.push('right', 33);
      await Promise.all(instances.map(({ keeper }) => keeper.reload()));
      if (instances.some(({ keeper }) => keeper.current().revision !== last.sha.slice(0, 12)))
        throw new Error('the instances do not come to the same commit');
      await Promise.all(instances.map(({ saved }) => saved()));
    };
    await fc.assert(fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 30 }), run), {
      numRuns: 60,
    });
    t.ok(counted.swaps > 20 && counted.kept > 20, JSON.stringify(counted));
  },
);
