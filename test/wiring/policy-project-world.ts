import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { requirements } from '../../src/config-policies.ts';
import type { AuditEntry } from '../../src/core/audit-entry.ts';
import { createGitLab } from '../../src/gitlab/client.ts';
import { createConnection } from '../../src/gitlab/connection.ts';
import { createRequester } from '../../src/gitlab/requester.ts';
import { checkPolicies } from '../../src/policy/review/check.ts';
import type { PolicyThread } from '../../src/policy/review/in-thread.ts';
import { uses } from '../../src/wiring/effects.ts';
import { type PoliciesWiring, wirePolicies } from '../../src/wiring/policies.ts';
import { lbWeight } from '../policy/fixtures.ts';
import { policies, startWithPolicies, tokens } from '../sandbox/gitlab/fakes/policies.ts';

/** The policy project's rules: as they are, and with a quarter made a half. */
export const csvWith = (most: number): string => `g, slack:T1/UBO, role:dev
g2, slack:T1/CDEV, channels:dev
p, role:dev, channels:dev, lb *, weight <= ${most}, allow
`;

const cases = `cases:
  - allow: { as: slack:T1/UBO, in: channels:dev, run: lb weight web 25 }
  - deny: { as: slack:T1/UBO, in: channels:dev, run: lb weight web 99 }
`;

const byBo = { author: tokens.bo, merger: tokens.ana };

/** The thread's work, done here. */
const thread: PolicyThread = {
  check: async ({ files, settings, memberships, now }) => ({
    ok: true,
    answer: checkPolicies(files, { ...settings, memberships, now: () => now }),
  }),
  review: async () => ({ ok: false, because: 'closed', words: 'not here' }),
  close: async () => undefined,
};

/** A GitLab with a policy project, and gateways that take their policy from it. */
export const createPolicyWorld = async (t: Test) => {
  const files = { 'policy.csv': csvWith(25), 'commands/lb-weight.yml': lbWeight, 'cases/a.yml': cases };
  const fake = await startWithPolicies(t, files);
  const connection = createConnection(fake.gitlab.url);
  t.teardown(() => connection.close());
  const requester = createRequester(connection, async () => undefined);
  const asked: string[] = [];
  let away = false;
  const watched: typeof requester = (resource) => {
    const verbs = requester(resource);
    return {
      ...verbs,
      get: async (endpoint, options) => {
        asked.push(endpoint);
        if (away) throw new Error(`GitLab is away (${asked.length})`);
        return verbs.get(endpoint, options);
      },
    };
  };
  const api = createGitLab({ url: fake.gitlab.url, token: 'glpat-sandbox-gateway', requester: watched });
  const told = { audit: [] as AuditEntry[], posts: [] as string[], stands: [] as string[] };
  const cache = mkdtempSync(join(tmpdir(), 'policies-cache-'));
  // A policy may still be on its way to disk.
  t.teardown(() => rmSync(cache, { recursive: true, force: true, maxRetries: 5 }));

  const gateway = async (more: Partial<PoliciesWiring> = {}) => {
    const wired = await wirePolicies({
      config: {
        policies: 'gitlab:chatops/policies@main',
        policyProject: {
          project: 'chatops/policies',
          ref: 'main',
          folder: '',
          cache,
          pollMs: 60_000,
          require: requirements,
        },
        opsChannel: 'C0OPS',
        gitlab: { url: fake.gitlab.url },
      },
      settings: { reserved: ['help'], uses },
      thread,
      api,
      members: async () => [],
      secret: 'a secret of this gateway',
      post: async (_channel, reply) => {
        told.posts.push(JSON.stringify(reply));
        return true;
      },
      audit: async (entry) => void told.audit.push(entry),
      now: () => fake.clock.at,
      random: () => 0.5,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: {
        policyReloaded: () => undefined,
        policyStands: (revision, stage) => void told.stands.push(`${revision} ${stage ?? ''}`.trim()),
        policyReviewed: () => undefined,
      },
      ...more,
    });
    t.teardown(() => wired.close());
    return wired;
  };

  const change = async (branch: string, path: string, content: string, token: string = tokens.bo) => {
    const action = { action: path === 'notes.txt' ? 'create' : 'update', content };
    const made = await fake.call('POST', `${policies}/repository/commits`, {
      token,
      json: {
        branch,
        ...(branch === 'main' ? {} : { start_branch: 'main' }),
        commit_message: `change ${path}`,
        actions: [{ file_path: path, ...action }],
      },
    });
    if (made.status !== 201) throw new Error(made.text);
  };

  let branches = 0;
  /** Changes a file as teams do: by a merge request of Bo that Ana merges. Answers the new head. */
  const merge = async (
    path: string,
    content: string,
    by: { readonly author: string; readonly merger: string } = byBo,
  ) => {
    const branch = `change-${branches++}`;
    await change(branch, path, content, by.author);
    const json = { source_branch: branch, target_branch: 'main', title: `change ${path}` };
    const opened = await fake.call('POST', `${policies}/merge_requests`, { token: by.author, json });
    const { iid } = opened.body as { iid: number };
    const merged = await fake.call('PUT', `${policies}/merge_requests/${iid}/merge`, { token: by.merger });
    if (merged.status !== 200) throw new Error(merged.text);
    return head();
  };

  const head = async (): Promise<string> => {
    const { body } = await fake.call('GET', `${policies}/repository/branches/main`);
    return (body as { commit: { id: string } }).commit.id.slice(0, 12);
  };

  return {
    fake,
    told,
    asked,
    cache,
    gateway,
    change,
    merge,
    head,
    setAway: (value: boolean): void => {
      away = value;
    },
  };
};

/** Whether Bo may move so much of the traffic. */
export const mayMove = ({ current }: Awaited<ReturnType<typeof wirePolicies>>, weight: number): boolean =>
  current().decide({
    caller: 'slack:T1/UBO',
    channel: 'slack:T1/CDEV',
    command: 'lb weight',
    input: { backend: 'web', weight, env: 'staging' },
  }).allowed;
