import type { PipelineOrder } from '../core/pipelines.ts';

type Where = Pick<PipelineOrder, 'project' | 'ref'>;
type Advice = (where: Where) => string;

const wait: Advice = () =>
  'Wait a minute: GitLab limits how many pipelines are started per minute for one user and commit.';

/** What helps against GitLab's words, first match counts. The texts are those of GitLab's pipeline creation, in the versions 15 to 19. */
const byWords: readonly (readonly [RegExp, Advice])[] = [
  [/too many pipelines/i, wait],
  [
    /insufficient permissions to set pipeline variables|variables? (?:is|are) not allowed/i,
    ({ project }) =>
      `${project} lets nobody with the gateway's role set pipeline variables. Better: declare spec:inputs in its CI file and use "pass: inputs". ` +
      'Or lower its setting ci_pipeline_variables_minimum_override_role (Settings, CI/CD, Variables).',
  ],
  [
    /reference not found|ref .*(?:not exist|invalid)|no such (?:ref|branch)/i,
    ({ project, ref }) =>
      `There is no branch or tag "${ref}" in ${project}: correct "ref" in the command's pipeline, or create it.`,
  ],
  [
    /missing ci config file|ci config file .*(?:missing|not found)|no ci\/cd configuration/i,
    ({ project, ref }) =>
      `${project} has no CI file at "${ref}": add .gitlab-ci.yml there, or correct the project's CI/CD configuration path.`,
  ],
  [
    /not defined in the .?spec|unknown input/i,
    ({ project, ref }) =>
      `Declare the input under spec:inputs at the top of the CI file of ${project} at "${ref}" (declarations in included files do not count), or take it out of the command.`,
  ],
  [
    /required value has not been provided/i,
    ({ project }) =>
      `Add the input to the command, or give it a default under spec:inputs in the CI file of ${project}.`,
  ],
  [
    /allowed options|required regex|provided value is not|input: default value/i,
    ({ project }) =>
      `The command and spec:inputs in the CI file of ${project} disagree on this input: make the command's type, options and pattern the same.`,
  ],
  [
    /filtered out by workflow|workflow:? rules/i,
    ({ project }) =>
      `workflow:rules in the CI file of ${project} keep this pipeline out: let $CI_PIPELINE_SOURCE == "api" pass.`,
  ],
  [
    /will not run for the selected trigger|rules configuration prevented|no stages ?\/ ?jobs|would have been empty/i,
    ({ project }) =>
      `No job of ${project} is for this pipeline: let the rules of at least one job match $CI_PIPELINE_SOURCE == "api".`,
  ],
  [
    /sufficient permission to run a pipeline|insufficient permissions to (?:create|run)|protected (?:branch|ref|tag)/i,
    ({ project, ref }) =>
      `Give the gateway's GitLab user the right to merge or push to "${ref}" in ${project}; a protected branch or tag asks for it.`,
  ],
  [
    /pipelines? (?:are|is) disabled|ci\/cd is disabled/i,
    ({ project }) => `Switch CI/CD on in ${project} (Settings, General, Visibility and permissions).`,
  ],
  [/archived/i, ({ project }) => `${project} is archived: bring it back, or point the command elsewhere.`],
  [
    /identity verification|credit card|compute (?:minutes|quota)/i,
    () =>
      "The gateway's GitLab user may not run pipelines on this GitLab yet: its administrator can tell why.",
  ],
  [
    /yaml|syntax|config (?:contains|should|key|has)|did not find expected|jobs?[: ]|needs|stage|include/i,
    ({ project, ref }) =>
      `The CI file of ${project} at "${ref}" has a mistake: open it in GitLab's pipeline editor, which shows the spot.`,
  ],
];

const byStatus: Readonly<Record<number, Advice>> = {
  401: () => 'GitLab does not know the token: renew GITLAB_TOKEN (expired or revoked), scope "api".',
  403: ({ project }) =>
    `The gateway's GitLab user may not do this in ${project}: it needs the role Developer there, and its token the scope "api".`,
  404: ({ project }) =>
    `Either ${project} does not exist, or the gateway's GitLab user is no member: add it there as Developer.`,
  405: () => 'GitLab does not take this request: check GITLAB_URL and the version of GitLab.',
  413: () => 'The values are too long for GitLab: shorten them.',
  429: wait,
};

/** A sentence on what to change and where, for GitLab's answer to an attempt to start a pipeline. */
export const adviceFor = (status: number, words: string, where: Where): string => {
  const byStatusFirst = status === 400 || status === 422 ? undefined : byStatus[status];
  // A 403 may say more than its status: the ref is protected.
  const found = byWords.slice(0, -1).find(([pattern]) => pattern.test(words));
  if (found && (byStatusFirst === undefined || status === 403)) return found[1](where);
  if (byStatusFirst) return byStatusFirst(where);
  const broken = byWords.at(-1);
  if (broken?.[0].test(words)) return broken[1](where);
  return `Try it by hand under Build, Pipelines, New pipeline in ${where.project} with ref "${where.ref}".`;
};
