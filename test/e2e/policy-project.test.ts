import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { startFakeSlack } from '../fakes/slack.ts';
import { freePort, gatewayEnv, shared, startGatewayProcess } from '../support/gateway-process.ts';
import { startProgram } from '../support/processes.ts';
import { commandFields, formOf, send, signed, unsigned } from '../support/slack-request.ts';

const root = join(import.meta.dirname, '../..');
const bo = { team: 'T0SANDBOX', user: 'U0BO', channel: 'C0SHOPDEV' } as const;
const tokens = { ana: 'glpat-sandbox-ana', bo: 'glpat-sandbox-bo' } as const;

const until = async <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => {
  for (let left = 600; left > 0; left--) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(50);
  }
  throw new Error(`waiting in vain for ${what}`);
};

/** People at work in the policy project of the sandbox's GitLab. */
const createProject = (gitlabUrl: string) => {
  const call = async (method: string, path: string, by: string, body?: object) => {
    const response = await fetch(`${gitlabUrl}/api/v4/projects/chatops%2Fpolicies${path}`, {
      method,
      headers: { 'private-token': by, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  const read = (path: string) =>
    call('GET', `/repository/files/${encodeURIComponent(path)}/raw?ref=main`, tokens.bo);
  const head = async (): Promise<string> => {
    const { commit }: { commit: { id: string } } = JSON.parse(
      await call('GET', '/repository/branches/main', tokens.bo),
    );
    return commit.id.slice(0, 12);
  };
  let branches = 0;
  /** Changes files by a merge request; answers the revision that the branch ends at then. */
  const merge = async (
    files: Readonly<Record<string, string>>,
    author: string = tokens.bo,
    merger: string = tokens.ana,
  ) => {
    const branch = `change-${++branches}`;
    await call('POST', '/repository/commits', author, {
      branch,
      start_branch: 'main',
      commit_message: branch,
      actions: Object.entries(files).map(([file_path, content]) => ({
        action: 'update',
        file_path,
        content,
      })),
    });
    const wish = { source_branch: branch, target_branch: 'main', title: branch };
    const { iid }: { iid: number } = JSON.parse(await call('POST', '/merge_requests', author, wish));
    await call('PUT', `/merge_requests/${iid}/merge`, merger);
    return head();
  };
  return { read, head, merge };
};

const asked = async (url: string, path: string): Promise<string> => (await fetch(`${url}${path}`)).text();

const revisionOf = async (url: string): Promise<string> => {
  const { policyRevision }: { policyRevision: string } = JSON.parse(await asked(url, '/version'));
  return policyRevision;
};

/** What Bo is answered who asks whether he may. */
const canI = async (url: string, line: string): Promise<string> => {
  const typed = unsigned(formOf(commandFields(bo, `can-i ${line}`)));
  return (await send(url, signed(typed, shared.signingSecret))).text;
};

const audited = (folder: string): readonly Record<string, unknown>[] =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The sandbox's Slack and GitLab, with a policy project, as a process of their own. */
const startWorld = async (gatewayPort: number) => {
  const [slack, gitlab] = [await freePort(), await freePort()];
  const program = startProgram('sandbox/main.js', [], {
    GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`,
    SANDBOX_SLACK_PORT: String(slack),
    SANDBOX_GITLAB_PORT: String(gitlab),
    SANDBOX_SIGNING_SECRET: shared.signingSecret,
    SANDBOX_BOT_TOKEN: shared.botToken,
    SANDBOX_WEBHOOK_TOKEN: shared.webhookToken,
    SANDBOX_LIMITS: 'off',
    SANDBOX_POLICIES: join(root, 'policies'),
  });
  await program.says(/"slack":/);
  return { ...program, slackUrl: `http://127.0.0.1:${slack}`, gitlabUrl: `http://127.0.0.1:${gitlab}` };
};

const start = async (t: Test) => {
  const ports = [await freePort(), await freePort()];
  const world = await startWorld(ports[0] ?? 0);
  t.teardown(() => world.kill('SIGKILL'));
  const slack = await startFakeSlack();
  t.teardown(() => slack.close());
  slack.botIn.add('C0OPSPROD');
  const root = t.testdir({ 0: {}, 1: {} });
  const folders = ports.map((_, who) => join(root, String(who)));
  /** The first hears of pushes by GitLab's webhook, the second only asks. */
  const envOf = (who: 0 | 1): Readonly<Record<string, string>> => ({
    ...gatewayEnv({ ...world, slackUrl: slack.apiUrl.replace('/api/', '') }, ports[who] ?? 0),
    ALLOW_MEMORY_STORE: '1',
    POLICIES: 'gitlab:chatops/policies@main',
    POLICIES_CACHE: join(folders[who] ?? '', 'cache'),
    POLICIES_POLL: who === 0 ? '3600' : '1',
    OPS_CHANNEL: 'slack:T0SANDBOX/C0OPSPROD',
    AUDIT_FILE: join(folders[who] ?? '', 'audit.jsonl'),
  });
  return { world, slack, envOf, folders, project: createProject(world.gitlabUrl) };
};

t.test(
  'a policy project: what is merged comes into force, what fails does not, and says at what',
  async (t) => {
    const { world, slack, envOf, folders, project } = await start(t);
    const gateways = [await startGatewayProcess(envOf(0)), await startGatewayProcess(envOf(1))];
    const urls = gateways.map(({ url }) => url);
    const [url = ''] = urls;
    t.teardown(() => Promise.all(gateways.map(({ kill }) => kill('SIGKILL'))));
    const both = (revision: string) =>
      until(async () => {
        const found = await Promise.all(urls.map(revisionOf));
        return found.every((one) => one === revision) ? true : undefined;
      }, `both at ${revision}`);
    const standing = (words: RegExp) =>
      until(async () => words.exec(await asked(url, '/readyz'))?.[0], `/readyz to say ${words}`);

    const first = await project.head();
    t.same(await Promise.all(urls.map(revisionOf)), [first, first]);
    const before = await canI(url, 'lb weight web 40');
    t.match(before, /Not allowed/);
    t.match(before, first, 'a decision names the revision');

    const csv = await project.read('policy.csv');
    const cases = await project.read('cases/access.yml');
    const raised = csv.replace('weight <= 25', 'weight <= 40');
    const wider = {
      'policy.csv': raised,
      'cases/access.yml': cases.replaceAll(/\b25\b/g, '40').replaceAll(/\b26\b/g, '41'),
    };
    const second = await project.merge(wider);
    await both(second);
    const after = await canI(url, 'lb weight web 40');
    t.match(after, /Yes: /);
    t.match(after, second);
    t.match(await asked(url, '/metrics'), `chatops_policy_info{revision="${second}"} 1`);

    const broken = await project.merge({ 'policy.csv': `${raised}p, *, *, *, *, alow\n` });
    await standing(new RegExp(`revision ${second} is in force; newer files have .* not used \\(lint\\)`));
    t.not(await revisionOf(url), broken);
    t.match(await asked(url, '/metrics'), 'chatops_policy_failing{stage="lint"} 1');
    await project.merge({ 'policy.csv': raised.replace('weight <= 40', 'weight <= 90') });
    await standing(/\(cases\)/);
    await project.merge({ 'policy.csv': raised }, tokens.ana, tokens.ana);
    await standing(/\(verify\)/);
    t.match(await canI(url, 'lb weight web 90'), /Not allowed/);

    const last = await project.merge({ 'policy.csv': `${raised}# put right\n` });
    await both(last);
    t.notMatch(await asked(url, '/readyz'), /not used/);
    const outcomes = audited(folders[0] ?? '')
      .filter(({ kind }) => kind === 'policy')
      .map(({ outcome, stage, revision }) => stage ?? `${outcome} ${revision}`);
    t.match(
      outcomes.filter((one, at) => one !== outcomes[at - 1]),
      [`loaded ${first}`, `loaded ${second}`, 'lint', 'cases', 'verify', `loaded ${last}`],
    );
    const told = slack.messages.filter(({ channel }) => channel === 'C0OPSPROD').map(({ text }) => text);
    for (const words of [/failed at `?lint/, /failed at `?cases/, /failed at `?verify/, /in force again/])
      t.ok(
        told.some((text) => words.test(text)),
        `operators read ${words}`,
      );

    await Promise.all(gateways.map(({ kill }) => kill()));
    await world.kill();
    const path = join(folders[1] ?? '', 'cache', 'last-good-policy.json');
    t.ok(existsSync(path));
    const alone = await startGatewayProcess(envOf(1));
    t.teardown(() => alone.kill('SIGKILL'));
    t.equal(await revisionOf(alone.url), last);
    t.match(await asked(alone.url, '/readyz'), /in force, \d+ min old, from disk/);
    await until(
      async () => /GitLab cannot be asked for a newer one/.exec(await asked(alone.url, '/readyz'))?.[0],
      'that GitLab is away',
    );
    t.match(await canI(alone.url, 'lb weight web 40'), last, 'it decides');
    await alone.kill();
    writeFileSync(path, readFileSync(path, 'utf8').replace('weight <= 40', 'weight <= 99'));
    const refused = startProgram('cli/main.js', ['serve'], envOf(1));
    t.teardown(() => refused.kill('SIGKILL'));
    t.not(await refused.ended, 0);
    t.match(
      refused.printed(),
      /the policy of chatops\/policies@main cannot be used \(fetch\), and .* was changed/,
    );
  },
);
