import t from 'tap';
import { GitLabError } from '../../src/gitlab/answers.ts';
import { setFlag } from '../../src/gitlab/feature-flags.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';
import type { Fault } from '../fakes/gitlab-faults.ts';
import { type FakeFlag, fakeFlag } from '../fakes/gitlab-flags.ts';

/** Ways to lose the answer to a write. */
const lost: Readonly<Record<string, Fault>> = {
  'a reset': { kind: 'reset' },
  silence: { kind: 'hang' },
  'a page of a proxy': { kind: 'html', status: 502 },
  'a fault of GitLab': { kind: 'body', status: 500 },
  'an answer cut short': { kind: 'broken', status: 200 },
  'an answer that is no flag': { kind: 'body', status: 200, body: '{"id":1}' },
};

t.test('the answer to a write is lost: the flag is read again, and never written twice', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['app/shop'], limits: { writeMs: 300 } });
  const flags = fake.projects[0]?.flags ?? new Map<string, FakeFlag>();
  for (const [name, fault] of Object.entries(lost)) {
    const switched = async (after: boolean, environment?: string) => {
      flags.set('f', fakeFlag('f', true, ['production', 'staging']));
      const before = fake.count('PUT', /./);
      fake.fault({ ...fault, after }, { method: 'PUT' });
      const change = await setFlag(gitlab)('app/shop', 'f', false, environment);
      t.equal(fake.count('PUT', /./) - before, 1, `${name}: one write`);
      return change;
    };
    t.match(await switched(false), { outcome: 'not done', flag: { active: true } }, `${name}, before`);
    t.match(await switched(true), { outcome: 'changed', flag: { active: false } }, `${name}, after`);
    t.match(await switched(false, 'production'), { outcome: 'not done' }, `${name}, before, one environment`);
    t.match(
      await switched(true, 'production'),
      {
        outcome: 'changed',
        what: /off in production/,
        flag: { active: true, reaches: [{ environment: 'staging' }] },
      },
      `${name}, after, one environment`,
    );
  }
});

t.test('the answer is lost and the flag cannot be read again: it is open', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['app/shop'] });
  const flag = fakeFlag('f', true, ['*']);
  fake.projects[0]?.flags.set('f', flag);
  const change = setFlag({
    FeatureFlags: {
      ...gitlab.FeatureFlags,
      all: gitlab.FeatureFlags.all.bind(gitlab.FeatureFlags),
      show: gitlab.FeatureFlags.show.bind(gitlab.FeatureFlags),
      edit: (...asked) => {
        fake.fault({ kind: 'html', status: 500 }, { method: 'GET' }, 3);
        return gitlab.FeatureFlags.edit(...asked);
      },
    },
  });
  fake.fault({ kind: 'reset', after: true }, { method: 'PUT' });
  t.match(await change('app/shop', 'f', false), { outcome: 'uncertain', because: /PUT .*ECONNRESET/ });
  t.equal(flag.active, false, 'it was done');
});

t.test('a write that GitLab refuses, or that was never sent, rejects: nothing is open', async (t) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['app/shop'] });
  fake.projects[0]?.flags.set('f', fakeFlag('f', true, ['*']));
  fake.fault({ kind: 'body', status: 403, body: '{"message":"403 Forbidden"}' }, { method: 'PUT' });
  await t.rejects(setFlag(gitlab)('app/shop', 'f', false), {
    code: 'gitlab.refused',
    message: /403 Forbidden/,
  });
  t.equal(fake.count('GET', /./), 1, 'not read again');

  const edit = async () => {
    const words = 'nothing listens';
    throw new GitLabError('gitlab.unreachable', 'PUT f', {
      status: undefined,
      sent: false,
      fromGitLab: false,
      words,
    });
  };
  const { show, all } = gitlab.FeatureFlags;
  const unsent = {
    FeatureFlags: { show: show.bind(gitlab.FeatureFlags), all: all.bind(gitlab.FeatureFlags), edit },
  };
  await t.rejects(setFlag(unsent)('app/shop', 'f', false), { message: /nothing listens/ });
  t.equal(fake.count('GET', /./), 2, 'not read again either');
});
