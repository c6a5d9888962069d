import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitLabSandbox } from './gitlab/build.ts';
import { startGitLab } from './gitlab/server.ts';
import { mergeRequestUrl } from './gitlab/views/merge-requests.ts';
import { startSlack } from './slack/server.ts';
import { suggestions } from './suggestions.ts';

/** Where the sandbox listens, where the gateway is, and the secrets both know. */
export interface SandboxOptions {
  readonly host: string;
  readonly slackPort: number;
  readonly gitlabPort: number;
  /** Base address of the gateway, without a slash at the end. */
  readonly gatewayUrl: string;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly webhookToken: string;
  /** Built page and seeded projects. */
  readonly pageDir: string;
  readonly projectsDir: string;
  /** Folder whose files become the project `chatops/policies`, with a merge request that is open; without it there is none. */
  readonly policiesDir?: string;
  readonly now: () => number;
  readonly random: () => string;
  /** Addresses under which people reach the two, where those differ from where they listen. */
  readonly publicHost?: string;
  /** Slack's and GitLab's own limits on how often; off for load and long tests. */
  readonly limits?: 'on' | 'off';
  /** `on`: both ports take `PUT /-/sandbox/faults` and show `GET /-/sandbox/ledger`. Nothing goes wrong before the first PUT. */
  readonly faults?: 'on' | 'off';
  /** Jobs take so many milliseconds and run no script; without it bash really runs them. */
  readonly quickJobsMs?: number;
}

/** A running sandbox: a small Slack with its page, and a small GitLab whose pipelines really run. */
export interface Sandbox {
  /** The page, and the base of Slack's API (`<slackUrl>/api/`). */
  readonly slackUrl: string;
  readonly gitlabUrl: string;
  readonly gitlab: GitLabSandbox;
  readonly slack: Awaited<ReturnType<typeof startSlack>>;
  close(): Promise<void>;
}

/** The token that the seeded GitLab gives to the gateway. */
export const gatewayToken = 'glpat-sandbox-gateway';

const unlimited = {
  requestsPerMinute: Number.POSITIVE_INFINITY,
  pipelinesPerMinute: Number.POSITIVE_INFINITY,
};

/** Starts both. The gateway need not run yet: nothing is sent to it before somebody types. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { host, now, random, gatewayUrl, publicHost = 'localhost' } = options;
  const off = options.limits === 'off';
  const faults = options.faults ?? 'off';
  const workDir = mkdtempSync(join(tmpdir(), 'chatops-sandbox-'));
  const gitlab = await startGitLab({
    port: options.gitlabPort,
    host,
    now,
    projectsDir: options.projectsDir,
    workDir,
    webhook: { url: `${gatewayUrl}/gitlab/webhook`, token: options.webhookToken },
    publicUrl: `http://${publicHost}:${options.gitlabPort}`,
    ...(off ? { limits: unlimited } : {}),
    faults,
    ...(options.policiesDir === undefined ? {} : { policiesDir: options.policiesDir }),
    ...(options.quickJobsMs === undefined ? {} : { quickJobsMs: options.quickJobsMs }),
  });
  const slack = await startSlack({
    port: options.slackPort,
    host,
    now,
    random,
    gatewayUrl: () => gatewayUrl,
    signingSecret: options.signingSecret,
    botToken: options.botToken,
    assetsDir: options.pageDir,
    links: [{ label: 'GitLab of this sandbox', url: gitlab.world.serverUrl() }, ...policyLinks(gitlab)],
    suggestions,
    ...(off ? { rate: 'off' as const } : {}),
    faults,
  });
  return {
    slackUrl: slack.url,
    gitlabUrl: gitlab.url,
    gitlab,
    slack,
    close: async () => {
      await slack.close();
      await gitlab.close();
      rmSync(workDir, { recursive: true, force: true });
    },
  };
};

/** The merge request that waits for somebody, when the policy project has one. */
const policyLinks = ({ world }: GitLabSandbox): readonly { readonly label: string; readonly url: string }[] =>
  world.projects.flatMap((project) =>
    [...project.mergeRequests.values()]
      .filter(({ state }) => state === 'opened')
      .map((one) => ({ label: `Policy merge request !${one.iid}`, url: mergeRequestUrl(project, one) })),
  );
