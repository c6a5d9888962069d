import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startSandbox } from '../../src/sandbox/sandbox.ts';

/** The links that the Slack page shows beside its channels. */
async function linksOf(t: Test, policiesDir?: string) {
  const sandbox = await startSandbox({
    host: '127.0.0.1',
    slackPort: 0,
    gitlabPort: 0,
    gatewayUrl: 'http://127.0.0.1:1',
    signingSecret: 'a',
    botToken: 'xoxb-a',
    webhookToken: 'a',
    pageDir: '/nonexistent',
    projectsDir: join(import.meta.dirname, '../../src/sandbox/projects'),
    ...(policiesDir === undefined ? {} : { policiesDir }),
    now: Date.now,
    random: () => 'a',
  });
  t.teardown(() => sandbox.close());
  const state: { links: readonly { label: string; url: string }[] } = JSON.parse(
    await (await fetch(`${sandbox.slackUrl}/sandbox/state?as=U0ANA`)).text(),
  );
  return state.links;
}

t.test('the page leads to the GitLab, and to no merge request where none is open', async (t) => {
  t.same(
    (await linksOf(t)).map(({ label }) => label),
    ['GitLab of this sandbox'],
  );
});

t.test('with policies it leads to the merge request that is open', async (t) => {
  const dir = t.testdir();
  writeFileSync(join(dir, 'policy.csv'), 'p, role:dev, *, lb *, env = staging and weight <= 25, allow\n');
  t.match(await linksOf(t, dir), [
    { label: 'GitLab of this sandbox' },
    { label: 'Policy merge request !2', url: /\/chatops\/policies\/-\/merge_requests\/2$/ },
  ]);
});
