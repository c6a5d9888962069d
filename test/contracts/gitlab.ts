import type { Test } from 'tap';
import { isOver, type PipelineOrder, type PipelineView } from '../../src/core/pipelines.ts';
import { cancelPipeline } from '../../src/gitlab/actions.ts';
import { createGitLab, type GitLab } from '../../src/gitlab/client.ts';
import { createConnection } from '../../src/gitlab/connection.ts';
import { getFlag, listFlags, setFlag } from '../../src/gitlab/feature-flags.ts';
import { findPipelines } from '../../src/gitlab/finding.ts';
import { gatherOutcome } from '../../src/gitlab/outcome.ts';
import { currentUser, groupMembers } from '../../src/gitlab/people.ts';
import { jobsOf, listPipelines, showPipeline } from '../../src/gitlab/reading.ts';
import { createRequester } from '../../src/gitlab/requester.ts';
import { startPipeline } from '../../src/gitlab/starting.ts';
import { createPipelineWatch } from '../../src/gitlab/watch.ts';

/** A GitLab to try, and what is in it. */
export interface GitLabUnderTest {
  readonly url: string;
  readonly token: string;
  /** An order that succeeds; its target names pipelines `chatops <run id>`. */
  readonly order: PipelineOrder;
  /** Words that the job's `chat_reply` holds when the order has run. */
  readonly reply: string;
  /** An order that runs, or waits, long enough to be cancelled. */
  readonly slow: PipelineOrder;
  /** A project with a flag that is on in `staging` only. */
  readonly flag: { readonly project: string; readonly name: string };
  readonly group: { readonly path: string; readonly member: string };
  /** Lets time pass; a fake moves its pipelines here. */
  readonly tick: () => Promise<void>;
}

/** What every GitLab must do for the gateway. */
export const gitlabContract = async (t: Test, target: GitLabUnderTest): Promise<void> => {
  const connection = createConnection(target.url);
  t.teardown(() => connection.close());
  const { url, token } = target;
  const gitlab = createGitLab({ url, token, requester: createRequester(connection) });
  await t.test('refusals say why', (t) => refusals(t, gitlab, target, createRequester(connection)));
  await t.test('a pipeline is started, found, followed, and its reply read', (t) =>
    followed(t, gitlab, target),
  );
  await t.test('a pipeline is cancelled', (t) => canceled(t, gitlab, target));
  await t.test('flags are listed, read and switched in one environment', (t) => flags(t, gitlab, target));
  await t.test('people', (t) => people(t, gitlab, target));
};

const refusals = async (
  t: Test,
  gitlab: GitLab,
  { url, order }: GitLabUnderTest,
  requester: ReturnType<typeof createRequester>,
): Promise<void> => {
  const start = startPipeline(gitlab);
  t.match(await start({ ...order, ref: 'no-such-ref' }), {
    outcome: 'refused',
    because: /Reference not found/,
    advice: /no-such-ref/,
  });
  t.match(await start({ ...order, project: 'no/such' }), {
    outcome: 'refused',
    because: /Project Not Found/,
  });
  const stranger = createGitLab({ url, token: 'glpat-wrong-token', requester });
  t.match(await startPipeline(stranger)(order), {
    outcome: 'refused',
    because: /401/,
    advice: /GITLAB_TOKEN/,
  });
  t.same(await findPipelines(gitlab)({ ...order, since: Date.now() }), [], 'nothing was made');
};

const followed = async (t: Test, gitlab: GitLab, { order, reply, tick }: GitLabUnderTest): Promise<void> => {
  const since = Date.now();
  const started = await startPipeline(gitlab)(order);
  if (started.outcome !== 'created') throw new Error(`not created: ${JSON.stringify(started)}`);
  const found = await findPipelines(gitlab)({ ...order, since });
  t.same(
    found.map(({ id }) => id),
    [started.pipeline.id],
    'found by its run id',
  );
  const view = await ended(gitlab, order.project, started.pipeline.id, tick);
  t.equal(view.phase, 'succeeded');
  t.ok(view.stages.length > 0, 'with stages');
  t.match(await gather(gitlab, view), { text: new RegExp(reply) });
  t.match(await cancelPipeline(gitlab)(order.project, view.id), { outcome: 'nothing' }, 'too late to cancel');
};

const canceled = async (t: Test, gitlab: GitLab, { slow, tick }: GitLabUnderTest): Promise<void> => {
  const started = await startPipeline(gitlab)(slow);
  if (started.outcome !== 'created') throw new Error(`not created: ${JSON.stringify(started)}`);
  t.match(await cancelPipeline(gitlab)(slow.project, started.pipeline.id), { outcome: 'done' });
  const view = await ended(gitlab, slow.project, started.pipeline.id, tick);
  t.equal(view.phase, 'canceled');
};

const flags = async (
  t: Test,
  gitlab: GitLab,
  { flag: { project, name } }: GitLabUnderTest,
): Promise<void> => {
  const scopes = async () => {
    const got = await getFlag(gitlab)(project, name);
    return got.outcome === 'found' ? got.flag.reaches.map(({ environment }) => environment).toSorted() : got;
  };
  t.match(await getFlag(gitlab)(project, 'no-such-flag'), { outcome: 'unknown flag' });
  t.ok((await listFlags(gitlab)(project)).some((flag) => flag.name === name));
  t.same(await scopes(), ['staging']);
  t.match(await setFlag(gitlab)(project, name, true, 'production'), { outcome: 'changed' });
  t.same(await scopes(), ['production', 'staging'], 'the other environment stays');
  t.match(await setFlag(gitlab)(project, name, true, 'production'), { outcome: 'unchanged' });
  t.match(await setFlag(gitlab)(project, name, false, 'production'), { outcome: 'changed' });
  t.same(await scopes(), ['staging']);
};

const people = async (t: Test, gitlab: GitLab, { group }: GitLabUnderTest): Promise<void> => {
  t.ok((await groupMembers(gitlab)(group.path)).includes(group.member));
  t.ok((await currentUser(gitlab)()).username.length > 0);
  await t.rejects(groupMembers(gitlab)('no/such/group'), { code: 'gitlab.refused', status: 404 });
};

const gather = (gitlab: GitLab, view: PipelineView) =>
  gatherOutcome({
    jobs: jobsOf(gitlab),
    trace: async (project, id) => String(await gitlab.Jobs.showLog(project, id)),
  })(view);

/** The pipeline when it is over, as the watch tells it. */
const ended = async (
  gitlab: GitLab,
  project: string,
  id: number,
  tick: () => Promise<void>,
): Promise<PipelineView> => {
  const watch = createPipelineWatch({
    list: listPipelines(gitlab),
    show: showPipeline(gitlab),
    jobs: jobsOf(gitlab),
    now: Date.now,
    intervalMs: 50,
  });
  for (let turn = 0; turn < 600; turn += 1) {
    const view = await watch.look(project, id);
    if (view !== 'gone' && isOver(view.phase)) return view;
    await tick();
  }
  throw new Error(`pipeline ${id} of ${project} did not end`);
};
