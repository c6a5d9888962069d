import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startSandbox } from './sandbox.ts';

// The sandbox alone, for a gateway that runs elsewhere on this machine. Every secret is one of the sandbox's own world.
const env = process.env;
const sandbox = await startSandbox({
  host: env.SANDBOX_HOST ?? '127.0.0.1',
  slackPort: Number(env.SANDBOX_SLACK_PORT ?? 4000),
  gitlabPort: Number(env.SANDBOX_GITLAB_PORT ?? 4001),
  gatewayUrl: env.GATEWAY_URL ?? 'http://127.0.0.1:8080',
  signingSecret: env.SANDBOX_SIGNING_SECRET ?? 'sandbox-signing-secret',
  botToken: env.SANDBOX_BOT_TOKEN ?? 'xoxb-sandbox-bot-token',
  webhookToken: env.SANDBOX_WEBHOOK_TOKEN ?? 'sandbox-webhook-token',
  pageDir: join(import.meta.dirname, 'page'),
  projectsDir: join(import.meta.dirname, 'projects'),
  ...(env.SANDBOX_POLICIES === undefined ? {} : { policiesDir: env.SANDBOX_POLICIES }),
  now: Date.now,
  random: () => randomBytes(16).toString('base64url'),
  limits: env.SANDBOX_LIMITS === 'off' ? 'off' : 'on',
  faults: env.SANDBOX_FAULTS === 'on' ? 'on' : 'off',
  ...(env.SANDBOX_JOBS === 'quick' ? { quickJobsMs: Number(env.SANDBOX_JOB_MS ?? 20) } : {}),
});
process.stdout.write(`${JSON.stringify({ slack: sandbox.slackUrl, gitlab: sandbox.gitlabUrl })}\n`);

const stop = async (): Promise<void> => {
  await sandbox.close();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
