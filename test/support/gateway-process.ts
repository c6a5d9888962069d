import { createServer } from 'node:net';
import { join } from 'node:path';
import { startProgram } from './processes.ts';

const root = join(import.meta.dirname, '../..');

/** Secrets that the two processes of a test share. */
export const shared = {
  signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
  botToken: 'xoxb-sandbox-bot-token',
  webhookToken: 'sandbox-webhook-token',
} as const;

/** A port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Starts the sandbox's Slack and GitLab as a process of their own, for a gateway at that port. */
export const startWorldProcess = async (gatewayPort: number) => {
  const [slack, gitlab] = [await freePort(), await freePort()];
  const program = startProgram('sandbox/main.js', [], {
    GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`,
    SANDBOX_SLACK_PORT: String(slack),
    SANDBOX_GITLAB_PORT: String(gitlab),
    SANDBOX_SIGNING_SECRET: shared.signingSecret,
    SANDBOX_BOT_TOKEN: shared.botToken,
    SANDBOX_WEBHOOK_TOKEN: shared.webhookToken,
    SANDBOX_LIMITS: 'off',
  });
  await program.says(/"slack":/);
  return { ...program, slackUrl: `http://127.0.0.1:${slack}`, gitlabUrl: `http://127.0.0.1:${gitlab}` };
};

/** The environment of a gateway in front of that world. */
export const gatewayEnv = (
  world: { slackUrl: string; gitlabUrl: string },
  port: number,
): Record<string, string> => ({
  PORT: String(port),
  HOST: '127.0.0.1',
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  GITLAB_URL: world.gitlabUrl,
  GITLAB_TOKEN: 'glpat-sandbox-gateway',
  GITLAB_WEBHOOK_SECRET: shared.webhookToken,
  POLICIES: join(root, 'policies'),
  SLACK_SIGNING_SECRETS: shared.signingSecret,
  SLACK_BOT_TOKEN: shared.botToken,
  SLACK_API_URL: `${world.slackUrl}/api`,
  SLACK_RESPONSE_URL_HOSTS: world.slackUrl,
});

/** Starts `chatops serve` and waits until it listens. */
export const startGatewayProcess = async (env: Readonly<Record<string, string>>) => {
  const program = startProgram('cli/main.js', ['serve'], env);
  await program.says(/the gateway listens/);
  return { ...program, url: `http://127.0.0.1:${env.PORT}` };
};
