/** GitLab's pipeline and job statuses that the sandbox uses (https://docs.gitlab.com/api/pipelines/). */
export type CiStatus =
  | 'created'
  | 'pending'
  | 'running'
  | 'success'
  | 'failed'
  | 'canceling'
  | 'canceled'
  | 'skipped'
  | 'manual';

/** The text files of a project at one commit: path from the project's root -> content. */
export type Files = ReadonlyMap<string, string>;

/** A project as the CI sees it: where `include: project` and `trigger: project` lead. */
export interface CiProject {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly webUrl: string;
  readonly defaultBranch: string;
  readonly ciConfigPath: string;
  /** The commit that a branch, tag or sha names, with its files; undefined when there is no such ref. */
  at(ref: string): { readonly sha: string; readonly files: Files } | undefined;
}

/** Who a pipeline acts as. */
export interface CiUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

/** A variable given when a pipeline is started. */
export interface CiVariable {
  readonly key: string;
  readonly value: string;
  readonly variable_type: 'env_var' | 'file';
}

/** What it takes to start a pipeline. */
export interface PipelineOrder {
  readonly project: CiProject;
  readonly ref: string;
  readonly source: 'api' | 'trigger' | 'pipeline' | 'parent_pipeline' | 'web';
  readonly user: CiUser;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly variables: readonly CiVariable[];
  readonly upstream?: { readonly projectId: number; readonly pipelineId: number; readonly jobId: number };
}

/** A pipeline was made, or GitLab's own `base` messages say why not (nothing is stored then). */
export type Created =
  | { readonly ok: true; readonly pipeline: Pipeline }
  | { readonly ok: false; readonly errors: readonly string[] };

/** One try of a job. A retry makes a new job of the same name and marks the old one `retried`. Times are Unix milliseconds. */
export interface Job {
  readonly id: number;
  readonly pipelineId: number;
  readonly projectId: number;
  readonly name: string;
  readonly stage: string;
  /** `job` has a script and a log; `bridge` starts a downstream pipeline. */
  readonly kind: 'job' | 'bridge';
  readonly status: CiStatus;
  readonly manual: boolean;
  readonly allowFailure: boolean;
  readonly retried: boolean;
  readonly failureReason: string | null;
  readonly environment: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly downstreamPipelineId: number | null;
  /** The whole log so far, runner-style. */
  readonly log: string;
}

/** A pipeline as it stands. Times are Unix milliseconds. */
export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly name: string | null;
  readonly ref: string;
  readonly sha: string;
  readonly source: PipelineOrder['source'];
  readonly status: CiStatus;
  /** Some job failed that is allowed to. */
  readonly warnings: boolean;
  readonly user: CiUser;
  readonly variables: readonly CiVariable[];
  /** The inputs it was started with, as they were given. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly stages: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly upstream: PipelineOrder['upstream'] | null;
  /** All tries, oldest first; bridges among them. */
  readonly jobs: readonly Job[];
}

/** Something changed: a pipeline's or a job's status, or a job's log grew. */
export interface CiEvent {
  readonly kind: 'pipeline' | 'job' | 'log';
  readonly pipeline: Pipeline;
  readonly job?: Job;
}

/** Outcome of playing, cancelling or retrying: the job or pipeline as it is now, or GitLab's refusal text. */
export type Done<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

/** What the CI needs from the rest of the sandbox. */
export interface CiParts {
  readonly now: () => number;
  /** Folder for the jobs' working copies; the CI makes and removes folders below it. */
  readonly workDir: string;
  /** Base address of the sandbox's GitLab, for CI_SERVER_URL and CI_API_V4_URL. */
  readonly serverUrl: () => string;
  readonly project: (path: string) => CiProject | undefined;
  /** The PATH that jobs get; the usual system folders when absent. */
  readonly path?: string;
  readonly limits?: Partial<CiLimits>;
}

/** Bounds of what jobs may use. Times are milliseconds. */
export interface CiLimits {
  /** Jobs that run at the same time, over all pipelines. */
  readonly atOnce: number;
  readonly jobTimeoutMs: number;
  /** How long a cancelled job's processes have to end by themselves before they are killed. */
  readonly graceMs: number;
  readonly logBytes: number;
}

/** The sandbox's CI: starts pipelines, runs their jobs with bash, and tells about every change. */
export interface Ci {
  create(order: PipelineOrder): Created;
  pipeline(id: number): Pipeline | undefined;
  /** Newest first. */
  pipelines(projectId: number): readonly Pipeline[];
  job(id: number): Job | undefined;
  cancel(pipelineId: number): Done<Pipeline>;
  retry(pipelineId: number): Done<Pipeline>;
  /** Starts a manual job; `user` is who pressed, and the job then acts as them (else as who started the pipeline). */
  play(jobId: number, variables: readonly CiVariable[], user?: CiUser): Done<Job>;
  cancelJob(jobId: number): Done<Job>;
  /** Makes a new job; its id differs. */
  retryJob(jobId: number): Done<Job>;
  subscribe(listener: (event: CiEvent) => void): () => void;
  /** Ends every running job's process group and removes the working copies. */
  close(): Promise<void>;
}
