import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { startFakeGitLab } from '../fakes/gitlab.ts';
import type { Fault } from '../fakes/gitlab-faults.ts';
import { fakeFlag } from '../fakes/gitlab-flags.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { commandFields, formOf, send, signed, unsigned } from '../support/slack-request.ts';
import { smallEnv, smallPolicies, smallSecrets } from '../support/small-gateway.ts';
import { ana } from '../support/watched-gateway.ts';

const flagFile = (verb: string, inputs: string): string => `name: flag ${verb}
summary: { en: About feature flags }
mode: direct
inputs:
  name: { type: string, pattern: '[a-z-]+', maxLength: 40 }
${inputs}direct: { use: gitlab.feature-flag.${verb}, project: app/shop }
`;

const gitlab = await startFakeGitLab(['app/shop']);
const gateway = await startGatewayProcess({
  ...(await smallEnv(
    t.testdir({
      ...smallPolicies,
      commands: {
        'get.yml': flagFile('get', ''),
        'set.yml': flagFile('set', '  state: { type: string, options: [on, off] }\n'),
      },
    }),
  )),
  GITLAB_URL: gitlab.url,
  GITLAB_TOKEN: gitlab.token,
});
t.teardown(async () => {
  await gateway.kill();
  await gitlab.close();
});
const flag = fakeFlag('dark-mode', false, ['*']);
gitlab.projects[0]?.flags.set('dark-mode', flag);

/** What the caller reads. */
const types = async (text: string): Promise<string> => {
  const form = formOf(commandFields(ana, text));
  const { text: answer } = await send(gateway.url, signed(unsigned(form), smallSecrets.slack));
  const { blocks } = JSON.parse(answer) as { blocks: readonly { text?: { text: string } }[] };
  return blocks.map(({ text }) => text?.text ?? '').join('\n');
};
const words = (status: number, message: string): Fault => ({
  kind: 'body',
  status,
  body: JSON.stringify({ message }),
});

const faults: Readonly<Record<string, readonly [Fault, RegExp]>> = {
  'a token that is not known': [words(401, '401 Unauthorized'), /401 Unauthorized/],
  'no right to see it': [words(403, '403 Forbidden'), /403 Forbidden/],
  'a fault of GitLab': [words(500, '500 Internal Server Error'), /500 Internal Server Error/],
  'a sign-in page': [{ kind: 'html', status: 200 }, /a web page came back.*GITLAB_URL/],
  'an answer cut short': [{ kind: 'broken', status: 200 }, /cannot be read/],
  'a redirect': [{ kind: 'redirect' }, /redirected \(302\) to .*not followed/],
};

for (const [name, [fault, says]] of Object.entries(faults)) {
  t.test(`reading a flag meets ${name}: the caller is told what happened`, async (t) => {
    gitlab.fault(fault, { method: 'GET', path: 'feature_flags' });
    const told = await types('flag get dark-mode');
    t.match(told, /failed/);
    t.match(told, says);
    t.notMatch(told, /dark-mode is/);
    t.notMatch(told, gitlab.token);
  });
}

t.test('a connection that breaks twice while reading is not worth a word', async (t) => {
  gitlab.fault({ kind: 'reset' }, { method: 'GET', path: 'feature_flags' }, 2);
  t.match(await types('flag get dark-mode'), 'dark-mode is off');
});

t.test('a flag that does not exist: said so, with the nearest, and nothing was changed', async (t) => {
  const told = await types('flag set drak-mode on');
  t.match(told, /no feature flag drak-mode in app\/shop\. Did you mean dark-mode\? Nothing was changed/);
  t.equal(gitlab.count('PUT', /./), 0);
});

t.test('a GitLab that hangs: the caller is answered in time, and it ends as failed', async (t) => {
  const failedSoFar = (await types('runs failed')).split('flag get').length;
  gitlab.fault({ kind: 'hang' }, { method: 'GET', path: 'feature_flags' });
  t.match(await types('flag get dark-mode'), /Accepted/);
  while ((await types('runs failed')).split('flag get').length === failedSoFar) await pause(100);
  t.match(await types('flag get dark-mode'), 'dark-mode is off', 'and the next one is carried out');
});
