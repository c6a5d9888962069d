import t from 'tap';
import { createPolicyThread, usualThreadLimits } from '../../../src/policy/review/in-thread.ts';
import { about } from './reviews.ts';
import { around, csv, more, policyWith } from './small-policy.ts';

const given = {
  files: { ok: true, files: { files: new Map([['policy.csv', '']]), revision: 'r' } },
  settings: { reserved: [], uses: [] },
  memberships: [],
  now: 0,
} as const;

const entry = (name: string): URL => new URL(`./threads/${name}.ts`, import.meta.url);

t.test('whatever a thread does, it ends and says how', async (t) => {
  for (const [name, limits, end] of [
    ['hangs', { withinMs: 3000, heapMb: 100 }, { because: 'time', words: /3 s/ }],
    ['grows', { withinMs: 60_000, heapMb: 40 }, { because: 'memory', words: /40 MB/ }],
    ['throws', { withinMs: 60_000, heapMb: 100 }, { because: 'fault', words: /a mistake of ours/ }],
    ['deep', { withinMs: 60_000, heapMb: 100 }, { because: 'fault', words: /call stack/ }],
    ['silent', { withinMs: 60_000, heapMb: 100 }, { because: 'closed' }],
  ] as const) {
    const thread = createPolicyThread(limits, entry(name));
    t.match(await thread.check(given), { ok: false, ...end }, `a thread that ${name}`);
  }
});

t.test('closing ends what is in hand, and nothing begins after it', async (t) => {
  const thread = createPolicyThread(usualThreadLimits, entry('hangs'));
  const checked = thread.check(given);
  await thread.close();
  t.match(await checked, { ok: false, because: 'closed' });
  t.match(await thread.check(given), { ok: false, because: 'closed' });
});

/** As the gateway declares them: with what carries them out. */
const withFunctions = {
  reserved: ['help'],
  uses: [{ name: 'flag', settings: [], inputs: [], do: () => 'done' }],
  plainHttp: ['localhost:80'],
};

t.test('files are checked and reviewed in a thread', async (t) => {
  const thread = createPolicyThread();
  t.same(await thread.check({ ...around, files: policyWith(), settings: withFunctions }), {
    ok: true,
    answer: { ok: true, cases: 1, warnings: 0 },
  });
  const broken = policyWith({ 'policy.csv': `${csv}p, role:dev, *, lbx, *, allow\n` });
  t.match(await thread.check({ ...around, files: broken }), {
    ok: true,
    answer: { ok: false, stage: 'lint' },
  });
  const after = policyWith({ 'policy.csv': more });
  const reviewed = await thread.review({ ...around, before: policyWith(), after, failOn: [], about });
  t.match(reviewed, {
    ok: true,
    answer: { ok: true, headline: /1 case passes/, note: /lint and cases pass[\s\S]*1 person gains/ },
  });
});
