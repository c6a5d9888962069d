import type { Flags } from '../commands/flag.ts';
import type { Command } from '../core/command.ts';
import { GatewayError } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import { usualStartTimes } from '../core/starting.ts';
import { cancelPipeline } from '../gitlab/actions.ts';
import { createGitLab } from '../gitlab/client.ts';
import { createConnection } from '../gitlab/connection.ts';
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

/** What GitLab is reached with, and what a pipeline is told about the run. */
export interface GitLabWiring {
  readonly url: string;
  readonly token: string;
  readonly now: () => number;
  readonly command: (name: string) => Command | undefined;
  readonly ticket: (run: Run, project: string) => string;
  readonly onSurplus: StartingParts['onSurplus'];
  readonly onStart?: (outcome: string) => void;
}

/** At most one list request per project in this time, in milliseconds. */
const listEveryMs = 2000;

/** GitLab as the modes, the commands and the policy need it. */
export const wireGitLab = (wiring: GitLabWiring) => {
  const { now } = wiring;
  const connection = createConnection(wiring.url);
  const gitlab = createGitLab({ ...wiring, requester: createRequester(connection) });
  const jobs = jobsOf(gitlab);
  const list = listPipelines(gitlab);
  const watch = createPipelineWatch({ list, show: showPipeline(gitlab), jobs, now, intervalMs: listEveryMs });
  const declaredInputs = createDeclaredInputs(gitlab, parseYaml, now);
  const find = findPipelines(gitlab);
  const start = startPipeline(gitlab);
  const cancel: StartingParts['cancel'] = ({ project, id }) => cancelPipeline(gitlab)(project, id);

  const declared = async (command: Command): Promise<Declared> => {
    if (command.pipeline === undefined || command.pipeline.pass === 'variables') return { kind: 'none' };
    const declaration = await declaredInputs(command.pipeline);
    if (declaration.kind !== 'declared') return declaration;
    return { kind: 'declared', inputs: new Map(declaration.inputs.map((input) => [input.name, input])) };
  };

  const order: StartingParts['order'] = async (run) => {
    const command = wiring.command(run.command);
    if (command?.pipeline === undefined)
      return { ok: false, because: `${run.command} is no longer declared` };
    return orderFor(run, command, await declared(command), wiring.ticket(run, command.pipeline.project));
  };

  const findRun = (run: Run) => {
    const target = wiring.command(run.command)?.pipeline;
    if (target === undefined)
      throw new GatewayError('internal', `looking for run ${run.id}: ${run.command} is no longer declared`);
    return find({ project: target.project, runId: run.id, ref: target.ref, since: run.createdAt });
  };

  const starting: StartingParts = {
    now,
    times: usualStartTimes,
    order,
    start: async (ordered) => {
      const outcome = await start(ordered);
      wiring.onStart?.(outcome.outcome);
      return outcome;
    },
    find: async (run) => findRun(run),
    cancel,
    onSurplus: wiring.onSurplus,
  };
  const following: Omit<FollowingParts, 'pauseAfter'> = {
    now,
    look: watch.look,
    outcomeOf: gatherOutcome({
      jobs,
      trace: async (project, job) => String(await gitlab.Jobs.showLog(project, job)),
    }),
    cancel,
  };
  const flags: Flags = { list: listFlags(gitlab), get: getFlag(gitlab), set: setFlag(gitlab) };
  return {
    starting,
    following,
    flags,
    members: groupMembers(gitlab),
    currentUser: currentUser(gitlab),
    close: () => connection.close(),
  };
};
