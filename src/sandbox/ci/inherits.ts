import { type JobRecord, newest } from './records.ts';

/** Which earlier jobs a job gets things from (https://docs.gitlab.com/ci/jobs/job_artifacts/): all of the stages before, unless `needs` or `dependencies` say otherwise. */
export function inheritsFrom(job: JobRecord): readonly JobRecord[] {
  const { needs, config, stageIndex } = job.plan;
  const all = newest(job.pipeline);
  const wanted = needs?.filter((need) => need.artifacts).map((need) => need.job);
  const earlier = wanted
    ? all.filter((other) => wanted.includes(other.plan.config.name))
    : all.filter((other) => other.plan.stageIndex < stageIndex);
  const { dependencies } = config;
  if (dependencies === undefined) return earlier;
  return earlier.filter((other) => dependencies.includes(other.plan.config.name));
}
