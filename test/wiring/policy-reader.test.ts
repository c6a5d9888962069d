import t from 'tap';
import { requirements } from '../../src/config-policies.ts';
import { GitLabError } from '../../src/gitlab/answers.ts';
import type { PolicyThread } from '../../src/policy/review/in-thread.ts';
import { createProjectReader, type PolicyProjectWiring } from '../../src/wiring/policy-project.ts';
import { createPolicyBranch } from '../fakes/policy-branch.ts';

const minute = 60_000;

const create = (given: Partial<PolicyProjectWiring> = {}) => {
  const world = createPolicyBranch();
  world.branch.push('right', 10);
  const looks = {
    now: Date.UTC(2026, 10, 21, 12),
    memberships: [] as readonly (readonly [string, string])[],
    checks: 0,
    answer: { ok: true, answer: { ok: true, cases: 1, warnings: 0 } } as Awaited<
      ReturnType<PolicyThread['check']>
    >,
  };
  const reader = createProjectReader({
    config: {
      project: 'chatops/policies',
      ref: 'main',
      folder: '',
      cache: '',
      pollMs: 1,
      require: requirements,
    },
    api: world.api,
    thread: {
      check: async () => {
        looks.checks++;
        return looks.answer;
      },
    },
    settings: { reserved: [], uses: [] },
    memberships: () => looks.memberships,
    now: () => looks.now,
    ...given,
  });
  return { ...world, looks, reader };
};

t.test(
  'a check that was given up is a failure at lint, tried again after ten minutes and not before',
  async (t) => {
    const { looks, reader } = create();
    looks.answer = { ok: false, because: 'time', words: 'it was not done after 20 s and was ended' };
    for (let minutes = 0; minutes < 10; minutes++) {
      t.match(await reader.read(), {
        ok: false,
        stage: 'lint',
        mistakes: [{ text: /given up: it was not done after 20 s/ }],
      });
      looks.now += minute;
    }
    t.equal(looks.checks, 1);
    looks.answer = { ok: true, answer: { ok: true, cases: 1, warnings: 0 } };
    t.match(await reader.read(), { ok: true });
    t.equal(looks.checks, 2);
  },
);

t.test('a commit that fails is checked again only when its surroundings change', async (t) => {
  const { branch, looks, reader } = create();
  const mistakes = [{ file: 'cases/a.yml', line: 2, text: 'expected deny, got allow' }];
  looks.answer = { ok: true, answer: { ok: false, stage: 'cases', mistakes, count: 1 } };
  const read = () => reader.read();
  for (let times = 0; times < 5; times++) t.match(await read(), { ok: false, stage: 'cases', mistakes });
  const { downloads } = branch;
  t.equal(looks.checks, 1);
  looks.memberships = [['gitlab:ana', 'gitlab-group:ops/sre']];
  await read();
  looks.now += 24 * 60 * minute;
  await read();
  t.equal(looks.checks, 3, 'who is in which group, and the day');
  t.equal(branch.downloads, downloads, 'downloaded once');
});

t.test('a GitLab that cannot be asked, or answers what cannot be understood, is away', async (t) => {
  const { branch, reader, api } = create();
  branch.away = true;
  t.match(await reader.read(), {
    ok: false,
    stage: 'fetch',
    away: true,
    mistakes: [{ text: 'GitLab is away' }],
  });
  branch.away = false;
  const odd = create({ api: { ...api, Branches: { show: async () => ({ commit: { id: 'main' } }) } } });
  t.match(await odd.reader.read(), { ok: false, away: true, mistakes: [{ text: /ends at no commit/ }] });
});

t.test('a branch that is not there is a mistake, not an outage', async (t) => {
  const { api } = create();
  const failure = { status: 404, sent: true, fromGitLab: true, words: '404 Branch Not Found' };
  const show = () => Promise.reject(new GitLabError('gitlab.refused', 'GET branches', failure));
  const { reader } = create({ api: { ...api, Branches: { show } } });
  const read = await reader.read();
  t.match(read, { ok: false, stage: 'fetch', mistakes: [{ text: /chatops\/policies has no branch main/ }] });
  t.notMatch(read, { away: true });
});

t.test('each requirement can be left out, and none is left out by itself', async (t) => {
  for (const [kind, isProtected, needed] of [
    ['right', false, 'protected'],
    ['pushed', true, 'merged'],
    ['merged into another branch', true, 'merged'],
    ['merged by its author', true, 'other-merger'],
  ] as const) {
    for (const require of [requirements, requirements.filter((one) => one !== needed), [needed], []]) {
      const config = { project: 'chatops/policies', ref: 'main', folder: '', cache: '', pollMs: 1, require };
      const { branch, reader } = create({ config });
      branch.push(kind, 20);
      branch.protected = isProtected;
      const read = await reader.read();
      const name = `${kind}, asked for ${require.join(' and ') || 'nothing'}`;
      if (require.includes(needed)) t.match(read, { ok: false, stage: 'verify' }, name);
      else t.match(read, { ok: true, files: { revision: branch.head.slice(0, 12) } }, name);
    }
  }
});

t.test('a commit that passed is not asked about again, and goes by its full name', async (t) => {
  const { branch, looks, reader } = create();
  await reader.read();
  const { downloads, head } = branch;
  branch.protected = false;
  t.match(await reader.read(), { ok: true, files: { revision: head.slice(0, 12) } });
  t.same([branch.downloads, looks.checks], [downloads, 1]);
  t.equal(reader.shaOf(head.slice(0, 12)), head);
});
