import { setTimeout as sleep } from 'node:timers/promises';
import type { Provenance } from '../commands/can-i.ts';
import type { Config } from '../config.ts';
import type { AuditEntry } from '../core/audit-entry.ts';
import type { Reply } from '../core/reply.ts';
import { createProvenance } from '../gitlab/provenance.ts';
import type { CommandSettings } from '../policy/commands/command.ts';
import type { Membership } from '../policy/compile.ts';
import { createLastGood } from '../policy/last-good.ts';
import { createPolicyThread, type PolicyThread } from '../policy/review/in-thread.ts';
import { wirePolicy } from './policy.ts';
import { createPolicyNews } from './policy-news.ts';
import { createProjectReader, type PolicyProjectWiring } from './policy-project.ts';
import { folderSource, type PolicySource, projectSource } from './policy-source.ts';
import { type ReviewWiring, wireReview } from './review.ts';
import type { PolicyProjectHints } from './webhook.ts';

interface Log {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

/** What the policy and its reviews are wired with. */
export interface PoliciesWiring {
  readonly config: Pick<Config, 'policies' | 'policyProject' | 'opsChannel'> & {
    readonly gitlab: { readonly url: string };
  };
  readonly settings: CommandSettings;
  /** In place of a thread of its own. */
  readonly thread?: PolicyThread;
  readonly api: PolicyProjectWiring['api'] & ReviewWiring['api'];
  readonly members: (groupPath: string) => Promise<readonly string[]>;
  /** A secret that the policy on disk is sealed with. */
  readonly secret: string;
  /** Shows something in a channel; answers whether it was shown. */
  readonly post: ((channel: string, reply: Reply) => Promise<boolean>) | undefined;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: {
    readonly policyReloaded: (outcome: string, stage?: string) => void;
    /** Hears when the policy's source was asked with success, in Unix milliseconds. */
    readonly policyAsked?: (at: number) => void;
    readonly policyStands: (revision: string, stage: string | undefined) => void;
    readonly policyReviewed: (outcome: string) => void;
  };
}

type Reader = ReturnType<typeof createProjectReader>;

const readerOf = (
  { config, api, settings, now }: PoliciesWiring,
  thread: PolicyThread,
  memberships: () => readonly Membership[],
): Reader | undefined => {
  const { policyProject } = config;
  if (policyProject === undefined) return undefined;
  return createProjectReader({ config: policyProject, api, thread, settings, memberships, now });
};

const sourceOf = async (wiring: PoliciesWiring, reader: Reader | undefined): Promise<PolicySource> => {
  const { config, secret, now, random, log, metrics } = wiring;
  const { policyProject: project } = config;
  if (project === undefined || reader === undefined) return folderSource(config.policies);
  const name = `${config.gitlab.url} ${config.policies}`;
  const lastGood = createLastGood(project.cache, name, secret);
  return projectSource({
    config: project,
    read: reader.read,
    lastGood,
    now,
    random,
    log,
    asked: metrics.policyAsked,
  });
};

/** Which commit and merge request a rule came by; undefined for a folder, whose history is not known here. */
const provenanceOf = (
  { config, api }: PoliciesWiring,
  reader: Reader | undefined,
): Provenance | undefined => {
  const { policyProject } = config;
  if (policyProject === undefined || reader === undefined) return undefined;
  const { project, folder } = policyProject;
  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    sleep(ms, undefined, { signal, ref: false });
  const ask = createProvenance({ gitlab: api, wait });
  return ({ file, line }, revision) => {
    const path = folder === '' ? file : `${folder}/${file}`;
    return ask({ project, path, sha: reader.shaOf(revision), line });
  };
};

const reviewsOf = (
  wiring: PoliciesWiring,
  thread: PolicyThread,
  memberships: () => readonly Membership[],
) => {
  const { config, api, settings, now, log, metrics } = wiring;
  if (config.policyProject === undefined) return undefined;
  const { project, ref, folder } = config.policyProject;
  const onLook = metrics.policyReviewed;
  return wireReview({ api, project, ref, folder, settings, memberships, now, log, thread, onLook });
};

/** The policy in force, wherever it comes from, and the reviews of merge requests that would change it. */
export const wirePolicies = async (wiring: PoliciesWiring) => {
  const { settings, members, audit, now, log, metrics, config } = wiring;
  let known: readonly Membership[] = [];
  const memberships = () => known;
  const thread = wiring.thread ?? createPolicyThread();
  const reader = readerOf(wiring, thread, memberships);
  const source = await sourceOf(wiring, reader);
  const tell = createPolicyNews({
    channel: config.opsChannel,
    post: wiring.post,
    failing: () => policy.failing(),
    log,
  });
  const stands = (): void => metrics.policyStands(policy.current().revision, policy.failing()?.stage);
  const policy = await wirePolicy({
    source,
    settings,
    members,
    knows: (rows) => {
      known = rows;
    },
    now,
    audit,
    log,
    onReload: (reloaded) => {
      metrics.policyReloaded(reloaded.outcome, reloaded.outcome === 'failing' ? reloaded.stage : undefined);
      tell(reloaded);
      // The keeper's own state is set when this turn is over.
      queueMicrotask(stands);
    },
  });
  stands();
  const reviews = reviewsOf(wiring, thread, memberships);
  const { policyProject: project } = config;
  const hints: PolicyProjectHints | undefined = project && {
    ...project,
    pushed: () => {
      policy.hint();
      // What open merge requests are compared with is another commit now.
      void reviews?.sweep();
    },
    mergeRequest: reviews?.hint,
  };
  return {
    ...policy,
    hints,
    provenance: provenanceOf(wiring, reader),
    startReviews: (): void => reviews?.start(),
    close: async (): Promise<void> => {
      policy.close();
      await reviews?.close();
      await thread.close();
    },
  };
};
