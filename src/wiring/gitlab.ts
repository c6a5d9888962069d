import type { Flags } from '../commands/flag.ts';
import type { PipelineTarget } from '../core/command.ts';
import { GatewayError } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import { cancelPipeline } from '../gitlab/actions.ts';
import { createGitLab } from '../gitlab/client.ts';
import { createConnection, usualLimits } from '../gitlab/connection.ts';
import { getFlag, listFlags, setFlag } from '../gitlab/feature-flags.ts';
import { findPipelines } from '../gitlab/finding.ts';
import { gatherOutcome } from '../gitlab/outcome.ts';
import { currentUser, groupMembers } from '../gitlab/people.ts';
import { jobsOf, listPipelines, showPipeline } from '../gitlab/reading.ts';
import { createRequester } from '../gitlab/requester.ts';
import { createDeclaredInputs } from '../gitlab/spec.ts';
import { startPipeline } from '../gitlab/starting.ts';
import { createPipelineWatch } from '../gitlab/watch.ts';
import type { FollowingParts } from '../modes/following.ts';
import { type Declared, orderFor } from '../modes/order.ts';
import type { StartingParts } from '../modes/starting.ts';
import { parseYaml } from '../policy/parse-yaml.ts';
import { type Surroundings, watched } from './surroundings.ts';
import { within } from './within.ts';

/** What GitLab is reached with, and what a pipeline is told about the run. */
export interface GitLabWiring {
  readonly url: string;
  readonly token: string;
  readonly now: () => number;
  readonly ticket: (run: Run, project: string) => string;
  readonly onSurplus: StartingParts['onSurplus'];
  readonly onStart?: (outcome: string) => void;
  readonly surroundings: Surroundings;
}

/** One question to GitLab, its retries and pages included, may take as long as so many answers. */
const answersPerLook = 2.5;

/** Where the run was decided to go. */
const targetOf = (run: Run): PipelineTarget => {
  if (run.target === null) throw new GatewayError('internal', `starting run ${run.id}: it has no pipeline`);
  return run.target;
};

/** GitLab as the modes, the commands and the policy need it. */
export const wireGitLab = (wiring: GitLabWiring) => {
  const { now, surroundings } = wiring;
  const { times, around } = surroundings;
  const lookMs = answersPerLook * times.gitlabReadMs;
  const limits = { ...usualLimits, readMs: times.gitlabReadMs, writeMs: times.start.answerWithin };
  const connection = createConnection(wiring.url, limits);
  const requester = surroundings.requester ?? createRequester(connection);
  const gitlab = createGitLab({ ...wiring, requester });
  const jobs = jobsOf(gitlab);
  const list = listPipelines(gitlab);
  const watch = createPipelineWatch({
    list,
    show: showPipeline(gitlab),
    jobs,
    now,
    intervalMs: times.listEveryMs,
  });
  const trace = async (project: string, job: number) => String(await gitlab.Jobs.showLog(project, job));
  const outcomeOf = gatherOutcome({ jobs, trace });
  const declaredInputs = createDeclaredInputs(gitlab, parseYaml, now);
  const find = findPipelines(gitlab);
  const start = startPipeline(gitlab);
  const cancel: FollowingParts['cancel'] = watched(around, 'gitlab.cancel', ({ project, id }) =>
    cancelPipeline(gitlab)(project, id),
  );

  const declared = async (target: PipelineTarget): Promise<Declared> => {
    if (target.pass === 'variables') return { kind: 'none' };
    const declaration = await declaredInputs(target);
    if (declaration.kind !== 'declared') return declaration;
    return { kind: 'declared', inputs: new Map(declaration.inputs.map((input) => [input.name, input])) };
  };

  const order: StartingParts['order'] = async (run) => {
    const target = targetOf(run);
    return orderFor(run, target, await declared(target), wiring.ticket(run, target.project));
  };

  const findRun = async (run: Run) => {
    const { project, ref } = targetOf(run);
    return find({ project, runId: run.id, ref, since: run.createdAt });
  };

  const startAndTell: StartingParts['start'] = async (ordered) => {
    const outcome = await start(ordered);
    wiring.onStart?.(outcome.outcome);
    return outcome;
  };

  const starting: StartingParts = {
    now,
    times: times.start,
    order: watched(around, 'gitlab.order', order),
    start: watched(around, 'gitlab.start', startAndTell),
    find: watched(around, 'gitlab.find', (run) => within(lookMs, findRun(run), 'looking for a pipeline')),
    cancel,
    onSurplus: wiring.onSurplus,
  };
  const following: Omit<FollowingParts, 'pauseAfter'> = {
    now,
    look: watched(around, 'gitlab.look', (project, id, how) =>
      within(lookMs, watch.look(project, id, how), 'looking at a pipeline'),
    ),
    outcomeOf: watched(around, 'gitlab.outcome', (view) =>
      within(lookMs, outcomeOf(view), 'reading the logs of a pipeline'),
    ),
    cancel,
  };
  const flags: Flags = { list: listFlags(gitlab), get: getFlag(gitlab), set: setFlag(gitlab) };
  return {
    starting,
    following,
    flags,
    api: gitlab,
    members: groupMembers(gitlab),
    currentUser: currentUser(gitlab),
    close: () => connection.close(),
  };
};
