import t from 'tap';
import type { JobRecord, PipelineState } from '../../src/gitlab/shapes.ts';
import { createPipelineWatch } from '../../src/gitlab/watch.ts';
import type { Reach } from '../../src/gitlab/watch-rounds.ts';

const interval = 5_000;
const begin = 1_000_000;

const job = (id: number, changes: Partial<JobRecord> = {}): JobRecord => ({
  id,
  name: `job ${id}`,
  stage: 'test',
  phase: 'succeeded',
  webUrl: '',
  allowFailure: false,
  failureReason: null,
  durationSeconds: null,
  bridge: false,
  downstream: undefined,
  ...changes,
});

/** A GitLab that counts. Pipelines are set by the test. */
const world = () => {
  const state = { now: begin, hidden: 0, failing: false };
  const pipelines = new Map<string, PipelineState>();
  const jobs = new Map<string, readonly JobRecord[]>();
  const asked: { list: [string, Reach][]; show: string[]; jobs: string[] } = { list: [], show: [], jobs: [] };
  const put = (project: string, id: number, status = 'running', updatedAt = state.now): void => {
    const known = {
      project,
      id,
      status,
      updatedAt,
      webUrl: `${project}/${id}`,
      createdAt: begin,
      name: undefined,
      ref: 'main',
      projectId: 1,
    };
    pipelines.set(`${project} ${id}`, known);
  };
  const watch = createPipelineWatch({
    list: async (project, reach) => {
      asked.list.push([project, reach]);
      if (state.failing) throw new Error('down');
      return [...pipelines.values()].filter(
        (one) =>
          one.project === project &&
          one.id !== state.hidden &&
          ('downTo' in reach ? one.id >= reach.downTo : one.updatedAt > reach.updatedAfter),
      );
    },
    show: async (project, id) => {
      asked.show.push(`${project} ${id}`);
      return pipelines.get(`${project} ${id}`) ?? 'gone';
    },
    jobs: async (project, id) => {
      asked.jobs.push(`${project} ${id}`);
      return jobs.get(`${project} ${id}`) ?? [];
    },
    now: () => state.now,
    intervalMs: interval,
    pause: async (ms) => {
      state.now += ms;
    },
  });
  const clear = () => {
    asked.list.length = 0;
    asked.show.length = 0;
    asked.jobs.length = 0;
  };
  return { state, pipelines, jobs, asked, put, watch, clear };
};

t.test('10,000 pipelines in 20 projects: at most one list per project and interval', async (t) => {
  const { state, asked, put, watch, clear } = world();
  const all = Array.from({ length: 10_000 }, (_, index) => ({ project: `p/${index % 20}`, id: index + 1 }));
  for (const { project, id } of all) put(project, id);
  const lookAtAll = () => Promise.all(all.map(({ project, id }) => watch.look(project, id)));
  const first = await lookAtAll();
  t.ok(
    first.every((view) => view !== 'gone'),
    'all are known',
  );
  t.equal(asked.list.length, 20, 'the first time too');
  t.equal(asked.show.length, 0);
  t.equal(asked.jobs.length, 10_000, 'jobs of each once');
  for (let round = 0; round < 4; round += 1) {
    clear();
    state.now += interval;
    await Promise.all([lookAtAll(), lookAtAll()]);
    t.equal(asked.list.length, 20, `interval ${round}`);
    t.equal(asked.show.length + asked.jobs.length, 0, 'nothing for what did not change');
  }
  clear();
  state.now += interval;
  put('p/3', 4, 'success');
  const [changed] = await lookAtAll().then((views) =>
    views.filter((view) => view !== 'gone' && view.phase === 'succeeded'),
  );
  t.match(changed, { project: 'p/3', id: 4 });
  t.same(asked.jobs, ['p/3 4'], 'only the changed one is read');
  t.equal(watch.size(), 10_000);
});

t.test('many that come late in an interval wait for the next list', async (t) => {
  const { asked, put, watch } = world();
  for (let id = 1; id <= 200; id += 1) put('a/b', id);
  await watch.look('a/b', 200);
  t.same([asked.list.length, asked.show.length], [0, 1], 'one alone is asked for by itself');
  await Promise.all(Array.from({ length: 200 }, (_, index) => watch.look('a/b', index + 1)));
  t.ok(asked.show.length <= 10, `${asked.show.length} single requests`);
  t.equal(asked.list.length, 1);
});

t.test('gone, and only gone when GitLab says so', async (t) => {
  const { state, pipelines, put, watch } = world();
  t.equal(await watch.look('a/b', 1), 'gone');
  put('a/b', 2);
  await watch.look('a/b', 2);
  pipelines.delete('a/b 2');
  t.not(await watch.look('a/b', 2), 'gone', 'a list cannot tell');
  t.equal(await watch.look('a/b', 2, { fresh: true }), 'gone');
  put('a/b', 3);
  await watch.look('a/b', 3);
  pipelines.delete('a/b 3');
  state.now += 400_000;
  t.equal(await watch.look('a/b', 3), 'gone', 'silence for long is asked about');
});

t.test('a list that fails is heard by all of its interval, and asked again in the next', async (t) => {
  const { state, asked, put, watch } = world();
  put('a/b', 1);
  await watch.look('a/b', 1);
  state.now += interval;
  state.failing = true;
  await t.rejects(watch.look('a/b', 1), { message: 'down' });
  await t.rejects(watch.look('a/b', 1), { message: 'down' });
  t.equal(asked.list.length, 1);
  t.match(await watch.look('a/b', 1, { fresh: true }), { id: 1 }, 'asking for one still works');
  state.failing = false;
  state.now += interval;
  put('a/b', 1, 'failed');
  t.match(await watch.look('a/b', 1), { phase: 'failed' });
});

t.test('a list that lags behind loses nothing', async (t) => {
  const { state, put, watch } = world();
  put('a/b', 1);
  put('a/b', 2);
  await Promise.all([watch.look('a/b', 1), watch.look('a/b', 2)]);
  state.now += interval;
  put('a/b', 1, 'success', state.now - 1_500);
  put('a/b', 2, 'running', state.now);
  state.hidden = 1;
  t.match(await watch.look('a/b', 1), { phase: 'going' }, 'not listed yet, though something newer is');
  state.hidden = 0;
  state.now += interval;
  t.match(await watch.look('a/b', 1), { phase: 'succeeded' });
});

t.test('older news never replaces newer; a retry reopens', async (t) => {
  const { state, put, watch } = world();
  put('a/b', 1, 'running', begin);
  await watch.look('a/b', 1);
  put('a/b', 1, 'failed', begin + 3_000);
  t.match(await watch.look('a/b', 1, { fresh: true }), { phase: 'failed' });
  put('a/b', 1, 'running', begin + 1_000);
  state.now += interval;
  t.match(await watch.look('a/b', 1), { phase: 'failed' }, 'an older list');
  t.match(await watch.look('a/b', 1, { fresh: true }), { phase: 'failed' }, 'an older answer');
  put('a/b', 1, 'running', begin + 9_000);
  state.now += interval;
  t.match(await watch.look('a/b', 1), { phase: 'going' }, 'run again');
});

t.test('fresh is asked at once, once for all who ask together', async (t) => {
  const { asked, put, watch } = world();
  put('a/b', 1);
  await watch.look('a/b', 1);
  put('a/b', 1, 'success', begin + 1);
  const views = await Promise.all(Array.from({ length: 50 }, () => watch.look('a/b', 1, { fresh: true })));
  t.ok(views.every((view) => view !== 'gone' && view.phase === 'succeeded'));
  t.equal(asked.show.length, 2);
  t.equal(asked.list.length, 0);
});

t.test("a running pipeline's jobs are read again now and then, a finished one's are not", async (t) => {
  const { state, asked, jobs, put, watch, clear } = world();
  put('a/b', 1);
  put('a/b', 2, 'success');
  await Promise.all([watch.look('a/b', 1), watch.look('a/b', 2)]);
  clear();
  jobs.set('a/b 1', [job(5, { phase: 'going' })]);
  state.now += 6 * interval;
  t.match(await watch.look('a/b', 1), { stages: [{ name: 'test', jobs: [{ id: 5 }] }] });
  await watch.look('a/b', 2);
  t.same(asked.jobs, ['a/b 1']);
});

t.test('what nobody looks at is forgotten', async (t) => {
  const { state, put, watch } = world();
  put('a/b', 1);
  put('c/d', 2);
  await Promise.all([watch.look('a/b', 1), watch.look('c/d', 2)]);
  t.equal(watch.size(), 2);
  for (let minutes = 0; minutes < 20; minutes += 1) {
    state.now += 60_000;
    await watch.look('c/d', 2);
  }
  t.equal(watch.size(), 1);
});

t.test('how it is shown', async (t) => {
  const { jobs, put, watch } = world();
  put('a/b', 1, 'success');
  jobs.set('a/b 1', [
    job(12, { name: 'retried', stage: 'build' }),
    job(11, { name: 'lint', stage: 'test', phase: 'warned', allowFailure: true }),
    job(10, { name: 'retried', stage: 'build', phase: 'failed' }),
    job(13, { name: 'down', stage: 'deploy', bridge: true, webUrl: 'https://x/downstream' }),
  ]);
  t.match(await watch.look('a/b', 1), {
    phase: 'warned',
    stages: [
      { name: 'build', jobs: [{ id: 12, phase: 'succeeded' }] },
      { name: 'test', jobs: [{ name: 'lint', phase: 'warned' }] },
      { name: 'deploy', jobs: [{ bridge: true, webUrl: 'https://x/downstream' }] },
    ],
  });
});
