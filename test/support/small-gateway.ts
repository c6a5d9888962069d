import { freePort } from './gateway-process.ts';
import { modelFile } from './watched-gateway.ts';

/** Slack's signing secret and GitLab's token of a small gateway. */
export const smallSecrets = {
  slack: 'the-signing-secret-of-slack',
  gitlab: 'glpat-the-token-of-gitlab',
} as const;

/** Declares the command `say <word>`. */
export const sayFile = `name: say
summary: { en: Say something }
mode: wait
inputs:
  word: { type: string, options: [hello, bye] }
pipeline: { project: ops/say, ref: main, pass: variables }
`;

/** The files of a policy folder with one command that everybody may run. */
export const smallPolicies = {
  'model.conf': modelFile,
  'policy.csv': 'p, *, *, *, *, allow\n',
  commands: { 'say.yml': sayFile },
};

/** The environment of a gateway on its own: runs in memory, and no GitLab at the address it is given. */
export const smallEnv = async (policies: string): Promise<Record<string, string>> => ({
  PORT: String(await freePort()),
  HOST: '127.0.0.1',
  ALLOW_MEMORY_STORE: '1',
  GITLAB_URL: `http://127.0.0.1:${await freePort()}`,
  GITLAB_TOKEN: smallSecrets.gitlab,
  POLICIES: policies,
  SLACK_SIGNING_SECRETS: smallSecrets.slack,
});
