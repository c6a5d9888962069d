import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import t from 'tap';
import { findChromium } from '../../../support/chromium.ts';
import { startFake } from '../fakes/gitlab.ts';
import { policies } from '../fakes/policies.ts';

const root = join(import.meta.dirname, '../../../..');
const shots = join(root, '.cache/shots');
mkdirSync(shots, { recursive: true });

const note = `<!-- chatops-policy-review -->
### ✅ Policy review: developers gain one thing, nobody loses anything

\`4f2a91c0\` compared with \`main\` at \`9b1c22de\`.

#### What people gain and lose

| Who | Where | Gains | Try it |
| --- | --- | --- | --- |
| everybody with \`role:dev\` (1 person) | \`channels:dev\` | \`lb weight\` with weight 26 to 50 in staging | \`/chatops lb weight web 26\` |

#### Cases

✅ 14/14 cases pass · 9/9 rules decide a case

<details>
<summary>2 changes that no case would notice</summary>

- \`policy.csv:33\` \`weight <= 50\` as \`weight < 50\`

</details>

<sub>Computed by the gateway itself from the files at these commits; no CI job has a say in it.</sub>`;

const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});
t.teardown(() => browser.close());

/** A GitLab with the product's own policies, whose open merge request was looked at. */
async function start(t: Parameters<typeof startFake>[0]) {
  const started = await startFake(t, { policiesDir: join(root, 'policies') });
  const { sha } = JSON.parse((await started.call('GET', `${policies}/merge_requests/2`)).text);
  const status = {
    state: 'success',
    name: 'chatops/policy',
    description: 'Developers gain one thing',
    ref: 'half-of-staging',
  };
  await started.call('POST', `${policies}/merge_requests/2/notes`, { json: { body: note } });
  await started.call('POST', `${policies}/statuses/${sha}`, { json: status });
  return { ...started, address: `${started.gitlab.url}/chatops/policies/-/merge_requests/2` };
}

async function open(address: string, width: number, scheme: 'light' | 'dark') {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(address);
  return { page, complaints };
}

const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

t.test('the merge request stands in light, dark and on a phone, with nothing sticking out', async (t) => {
  const { address } = await start(t);
  const looks = [
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const;
  for (const [scheme, width] of looks) {
    const { page, complaints } = await open(address, width, scheme);
    await page.getByRole('heading', { name: /Policy review/ }).waitFor();
    t.equal(await overflow(page), 0);
    t.same(complaints, []);
    await page.screenshot({ path: join(shots, `merge-request-${scheme}-${width}.png`), fullPage: true });
    await page.close();
  }
});

t.test('an edit on the source branch is a new head; Ana merges, Bo may not', async (t) => {
  const { address, gitlab } = await start(t);
  const { page, complaints } = await open(address, 1280, 'light');
  await page.getByText('2 changes that no case would notice').click();
  await page.getByRole('link', { name: 'Edit the files' }).click();
  await page.getByRole('link', { name: 'policy.csv' }).click();
  const box = page.locator('textarea');
  await box.fill((await box.inputValue()).replace('weight <= 50', 'weight <= 40'));
  await page.screenshot({ path: join(shots, 'merge-request-edit.png'), fullPage: true });
  await page.getByRole('button', { name: 'Commit to half-of-staging' }).click();
  await page.getByText('added 1 commit').waitFor();
  await page.getByRole('button', { name: 'Bo', exact: true }).click();
  await page.getByText('may not merge into').waitFor();
  t.equal(await page.getByRole('button', { name: /^Merge/ }).count(), 0);
  await page.getByRole('button', { name: 'Ana', exact: true }).click();
  await page.getByRole('button', { name: 'Merge as Ana' }).click();
  await page.getByText('Merged by').waitFor();
  await page.screenshot({ path: join(shots, 'merge-request-merged.png'), fullPage: true });
  t.same(complaints, []);
  const project = gitlab.world.projects.find(({ ci }) => ci.path === 'chatops/policies');
  const main = project?.repository.find('main');
  t.match(main, { author: { username: 'ana' }, title: "Merge branch 'half-of-staging' into 'main'" });
  t.match(main?.files.get('policy.csv'), 'weight <= 40');
  t.notMatch(main?.files.get('policy.csv'), '\r');
  await page.close();
});

t.test('what folds stays open when something is new on the page', async (t) => {
  const { address, call } = await start(t);
  const { page, complaints } = await open(address, 390, 'dark');
  await page.getByText('2 changes that no case would notice').click();
  await call('POST', `${policies}/merge_requests/2/notes`, { json: { body: 'One **more** word' } });
  await page.getByText('One more word').waitFor();
  t.ok(await page.getByText('as weight < 50').isVisible());
  t.same(complaints, []);
  await page.close();
});

t.test('the list, the files, a file and a commit stand on a phone too', async (t) => {
  const { address, gitlab } = await start(t);
  const project = `${gitlab.url}/chatops/policies`;
  const shown = [
    '',
    '/-/merge_requests',
    '/-/tree/main',
    '/-/blob/half-of-staging/policy.csv',
    '/-/commit/half-of-staging',
  ];
  for (const path of shown) {
    const { page, complaints } = await open(project + path, 390, 'light');
    t.equal(await overflow(page), 0, path);
    t.same(complaints, []);
    await page.screenshot({ path: join(shots, `policies${path.replaceAll('/', '-')}.png`) });
    await page.close();
  }
  t.equal((await fetch(`${address}/edit?path=nope`)).status, 404);
});
