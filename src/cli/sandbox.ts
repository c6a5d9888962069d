import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { requirements } from '../config-policies.ts';
import { startGateway } from '../main.ts';
import { gatewayToken, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts';
import { freePort } from './ports.ts';
import { untilStopped } from './until-stopped.ts';
import { version } from './version.ts';

const secret = (): string => randomBytes(24).toString('base64url');

interface World {
  readonly host: string;
  readonly slackPort: number;
  readonly gitlabPort: number;
  readonly gatewayPort: number;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly webhookToken: string;
  readonly dir: string;
}

const root = join(import.meta.dirname, '../..');
const built = join(import.meta.dirname, '../sandbox');

const sandboxOptions = (world: World): SandboxOptions => ({
  ...world,
  gatewayUrl: `http://127.0.0.1:${world.gatewayPort}`,
  pageDir: join(built, 'page'),
  projectsDir: join(built, 'projects'),
  policiesDir: join(root, 'policies'),
  now: Date.now,
  random: secret,
});

/** The policy is that of a project in the sandbox's GitLab, whose open merge request the gateway reviews; `POLICIES` may name a folder. */
const policiesFor = ({ dir }: World): Pick<Config, 'policies' | 'policyProject' | 'opsChannel'> => {
  const { POLICIES: folder } = process.env;
  if (folder !== undefined) return { policies: folder };
  const source = { project: 'chatops/policies', ref: 'main', folder: '' };
  return {
    policies: `gitlab:${source.project}@${source.ref}`,
    policyProject: { ...source, cache: join(dir, 'policies'), pollMs: 10_000, require: requirements },
    opsChannel: 'C0OPSPROD',
  };
};

/** The gateway's configuration: the same as for a real Slack and GitLab, only with other addresses. */
const gatewayConfig = (world: World): Config => ({
  http: { host: '127.0.0.1', port: world.gatewayPort, publicUrl: `http://127.0.0.1:${world.gatewayPort}` },
  logLevel: 'error',
  redisUrl: undefined,
  gitlab: {
    url: `http://127.0.0.1:${world.gitlabPort}`,
    token: gatewayToken,
    webhookSecret: world.webhookToken,
  },
  ...policiesFor(world),
  slack: {
    signingSecrets: [world.signingSecret],
    botToken: world.botToken,
    apiUrl: `http://127.0.0.1:${world.slackPort}/api/`,
    responseUrlHosts: [`http://127.0.0.1:${world.slackPort}`],
  },
  signingKey: undefined,
  auditFile: join(world.dir, 'audit.jsonl'),
  allowedHosts: undefined,
});

const createWorld = async (): Promise<World> => {
  const host = process.env.SANDBOX_HOST ?? '127.0.0.1';
  const first = Number(process.env.SANDBOX_PORT ?? 4000);
  return {
    host,
    slackPort: await freePort(host, first),
    gitlabPort: await freePort(host, first === 0 ? 0 : first + 1),
    gatewayPort: await freePort('127.0.0.1', first === 0 ? 0 : first + 2),
    signingSecret: secret(),
    botToken: `xoxb-${secret()}`,
    webhookToken: secret(),
    dir: mkdtempSync(join(tmpdir(), 'chatops-')),
  };
};

/** With a folder of one's own there is no merge request to look at. */
const policyWords = (gitlabPort: number): string =>
  process.env.POLICIES === undefined
    ? `\n  A change of the policy, reviewed   http://localhost:${gitlabPort}/chatops/policies/-/merge_requests/2\n`
    : '';

const banner = ({ slackPort, gitlabPort, gatewayPort, dir }: World, seconds: string): string => `
  The ChatOps sandbox is ready (${seconds} s).

    Open this     http://localhost:${slackPort}
    Its GitLab    http://localhost:${gitlabPort}
    The gateway   http://localhost:${gatewayPort}/readyz
    The audit     ${join(dir, 'audit.jsonl')}

  Type there    /chatops flag get checkout-v2     answered at once
                /chatops lb weight web 10         runs a pipeline to its end
                /chatops release web v42          starts one and gives its link
${policyWords(gitlabPort)}
  Its jobs run with bash on this machine, as you. Everything is forgotten when it stops: Ctrl-C.

`;

/** `chatops sandbox`: the gateway, a small Slack and a small GitLab in one process, until a signal. */
export const sandbox = async (): Promise<number> => {
  const world = await createWorld();
  const running = await startSandbox(sandboxOptions(world));
  const gateway = await startGateway(gatewayConfig(world), version);
  process.stdout.write(banner(world, process.uptime().toFixed(1)));
  return untilStopped(async () => {
    await gateway.close();
    await running.close();
    rmSync(world.dir, { recursive: true, force: true });
  });
};
