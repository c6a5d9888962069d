import t from 'tap';
import { runOf } from '../../../../src/sandbox/gitlab/faults/ledger.ts';
import { startFake } from '../fakes/gitlab.ts';
import { startFaulty } from './faulty.ts';

t.test('without the option there are no faults to set and no ledger to see', async (t) => {
  const { gitlab } = await startFake(t);
  const put = await fetch(`${gitlab.url}/-/sandbox/faults`, { method: 'PUT', body: '{}' });
  const get = await fetch(`${gitlab.url}/-/sandbox/ledger`);
  t.strictSame([put.status, get.status], [404, 404]);
});

t.test('settings with a mistake are refused, and the old ones stay', async (t) => {
  const gitlab = await startFaulty(t);
  t.equal((await gitlab.put({ start: { errorBefore: 1 } })).status, 204);
  const refused = await gitlab.put({ start: { errorBefore: 0, sometimes: 1 } });
  t.equal(refused.status, 400);
  t.match(refused.text, /start\.sometimes is not known here/);
  t.equal((await gitlab.start()).status, 500);
});

t.test('the ledger has every pipeline of every project in the order in which they were made', async (t) => {
  const gitlab = await startFaulty(t);
  const made = async (project: number, json: unknown): Promise<number> =>
    (await gitlab.call('POST', `/projects/${project}/pipeline`, { json })).status;
  t.equal(await made(104, { ref: 'main' }), 201);
  gitlab.clock.at += 1000;
  t.equal(await made(102, { ref: 'main', inputs: { name: 'chatops ci_2' } }), 201);
  const { pipelines, starts } = await gitlab.ledger();
  t.match(pipelines, [
    { project: 'ops/legacy', status: 'created', createdAt: gitlab.clock.at - 1000, user: 'chatops-bot' },
    { project: 'ops/ansible', run: 'ci_2', status: 'created', createdAt: gitlab.clock.at },
  ]);
  t.equal(starts, 2);
});

const variable = (value: string) => [{ key: 'CHATOPS_RUN_ID', value, variable_type: 'env_var' as const }];

const runs: readonly (readonly [name: string, pipeline: Parameters<typeof runOf>[0], run: string | null])[] =
  [
    ['none says so', { name: 'nightly', variables: [], inputs: {} }, null],
    ['no name at all', { name: null, variables: [], inputs: {} }, null],
    ['an input that is no text', { name: null, variables: [], inputs: { chatops_run_id: 7 } }, null],
    ['the name', { name: 'chatops ci_1', variables: variable('ci_2'), inputs: {} }, 'ci_1'],
    [
      'the variable',
      { name: 'deploy', variables: variable('ci_2'), inputs: { chatops_run_id: 'ci_3' } },
      'ci_2',
    ],
    ['the input', { name: null, variables: [], inputs: { chatops_run_id: 'ci_3' } }, 'ci_3'],
  ];

for (const [name, pipeline, run] of runs) {
  t.test(`the run of a pipeline: ${name}`, async (t) => {
    t.equal(runOf(pipeline), run);
  });
}
