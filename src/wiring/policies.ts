import type { Config } from '../config.ts';
import type { AuditEntry } from '../core/audit-entry.ts';
import { noteReply } from '../core/replies/refusals.ts';
import { code, line } from '../core/replies/spans.ts';
import type { Reply } from '../core/reply.ts';
import type { CommandSettings } from '../policy/commands/command.ts';
import type { Membership } from '../policy/compile.ts';
import type { Reloaded } from '../policy/keeper.ts';
import { createLastGood } from '../policy/last-good.ts';
import { createPolicyThread } from '../policy/review/in-thread.ts';
import { wirePolicy } from './policy.ts';
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
    readonly policyReloaded: (outcome: string) => void;
    readonly policyStands: (revision: string, stage: string | undefined) => void;
    readonly policyReviewed: (outcome: string) => void;
  };
}

const mostShown = 5;

/** What operators read in their channel. */
const newsOf = (reloaded: Reloaded): Reply => {
  if (reloaded.outcome !== 'failing')
    return noteReply(
      line('The policy is in force again as it should be: revision ', code(reloaded.revision), '.'),
    );
  const { stage, mistakes } = reloaded;
  const more = mistakes.length > mostShown ? [line(`and ${mistakes.length - mostShown} more`)] : [];
  return noteReply(
    line('A newer policy is not used: it failed at ', code(stage), '. The last good version stays in force.'),
    ...mistakes
      .slice(0, mostShown)
      .map(({ file, line: at, text }) => line(code(`${file}:${at}`), ` ${text}`)),
    ...more,
  );
};

/** Tells the operators' channel of a failure, and of its end. */
const createNews = ({ config, post, log }: PoliciesWiring) => {
  let failing = false;
  return (reloaded: Reloaded): void => {
    const { opsChannel } = config;
    const before = failing;
    failing = reloaded.outcome === 'failing';
    if (opsChannel === undefined || post === undefined || (!failing && !before)) return;
    void post(opsChannel, newsOf(reloaded)).then((shown) => {
      if (!shown) log.warn({ channel: opsChannel }, 'the operators could not be told in their channel');
    });
  };
};

type Thread = ReturnType<typeof createPolicyThread>;

const sourceOf = async (
  wiring: PoliciesWiring,
  thread: Thread,
  memberships: () => readonly Membership[],
): Promise<PolicySource> => {
  const { config, api, settings, secret, now, random, log } = wiring;
  const { policyProject: project } = config;
  if (project === undefined) return folderSource(config.policies);
  const read = createProjectReader({ config: project, api, thread, settings, memberships, now });
  const name = `${config.gitlab.url} ${config.policies}`;
  const lastGood = createLastGood(project.cache, name, secret);
  return projectSource({ config: project, read, lastGood, now, random, log });
};

const reviewsOf = (wiring: PoliciesWiring, thread: Thread, memberships: () => readonly Membership[]) => {
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
  const thread = createPolicyThread();
  const source = await sourceOf(wiring, thread, memberships);
  const tell = createNews(wiring);
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
      metrics.policyReloaded(reloaded.outcome);
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
    pushed: policy.hint,
    mergeRequest: reviews?.hint,
  };
  return {
    ...policy,
    hints,
    startReviews: (): void => reviews?.start(),
    close: async (): Promise<void> => {
      policy.close();
      await reviews?.close();
      await thread.close();
    },
  };
};
