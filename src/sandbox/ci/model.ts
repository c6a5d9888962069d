import type { Variable } from './expand.ts';
import type { Yaml, YamlMap } from './yaml.ts';

/** When a job runs, once everything before it has ended (https://docs.gitlab.com/ci/yaml/#when). */
export type When = 'on_success' | 'on_failure' | 'always' | 'manual' | 'never';

/** One entry of `rules:`; the first that fits decides. */
export interface Rule {
  readonly if: string | undefined;
  readonly exists: readonly string[] | undefined;
  readonly when: When | undefined;
  readonly allowFailure: boolean | undefined;
  readonly variables: readonly Variable[];
  readonly needs: readonly Need[] | undefined;
}

/** A job that must have ended before, and whether its artifacts are fetched. */
export interface Need {
  readonly job: string;
  readonly optional: boolean;
  readonly artifacts: boolean;
}

/** What a job leaves for later jobs: paths of files, and dotenv files whose lines become variables. */
export interface Artifacts {
  readonly paths: readonly string[];
  readonly dotenv: readonly string[];
  readonly when: 'on_success' | 'on_failure' | 'always';
}

/** What a trigger job starts: a pipeline of another project, or a child pipeline from included files. */
export interface Trigger {
  readonly project: string | undefined;
  readonly branch: string | undefined;
  readonly include: readonly Yaml[] | undefined;
  readonly inputs: YamlMap;
  readonly depend: boolean;
  readonly forwardYaml: boolean;
  readonly forwardPipeline: boolean;
}

/** One job as the configuration tells it, defaults put in. */
export interface JobConfig {
  readonly name: string;
  readonly stage: string;
  readonly beforeScript: readonly string[];
  readonly script: readonly string[];
  readonly afterScript: readonly string[];
  readonly variables: readonly Variable[];
  readonly needs: readonly Need[] | undefined;
  readonly dependencies: readonly string[] | undefined;
  readonly rules: readonly Rule[] | undefined;
  readonly when: When;
  readonly allowFailure: boolean | undefined;
  readonly allowedExitCodes: readonly number[];
  readonly artifacts: Artifacts;
  readonly trigger: Trigger | undefined;
  readonly environment:
    | { readonly name: string; readonly url: string | undefined; readonly action: string }
    | undefined;
  readonly timeoutMs: number | undefined;
  readonly retries: { readonly max: number; readonly when: readonly string[] };
  readonly resourceGroup: string | undefined;
  /** Lines for the log about keywords that have no effect here. */
  readonly notes: readonly string[];
}

/** A whole configuration, checked. */
export interface Config {
  readonly stages: readonly string[];
  readonly variables: readonly Variable[];
  readonly workflow: { readonly name: string | undefined; readonly rules: readonly Rule[] | undefined };
  readonly jobs: readonly JobConfig[];
}

/** One job of a pipeline: its configuration with the rules decided. */
export interface JobPlan {
  readonly config: JobConfig;
  readonly stageIndex: number;
  readonly when: When;
  readonly allowFailure: boolean;
  /** Names of jobs that exist in this pipeline; undefined: the job waits for the stages before it. */
  readonly needs: readonly Need[] | undefined;
  /** The configuration's variables, global ones first, those of rules last. */
  readonly variables: readonly Variable[];
}
