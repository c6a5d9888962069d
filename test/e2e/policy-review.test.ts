import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import t from 'tap';
import { findChromium } from '../support/chromium.ts';
import { startProgram } from '../support/processes.ts';

const shots = join(import.meta.dirname, '../../.cache/shots');
mkdirSync(shots, { recursive: true });

t.test(
  'the open merge request of the policy project shows what it means, and follows its commits',
  async (t) => {
    const sandbox = startProgram('cli/main.js', ['sandbox'], { SANDBOX_PORT: '0' });
    t.teardown(() => sandbox.kill());
    const gitlab = (await sandbox.says(/Its GitLab\s+(http:\S+)/))[1] ?? '';
    const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
      fetch(`${gitlab}/api/v4/projects/chatops%2Fpolicies${path}`, {
        ...init,
        headers: { 'private-token': 'glpat-sandbox-bo', 'content-type': 'application/json' },
      });
    const browser = await chromium.launch({
      executablePath: await findChromium(),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    t.teardown(() => browser.close());
    /** The page as soon as it says so. */
    const until = async (words: RegExp, width = 1280, colorScheme: 'light' | 'dark' = 'light') => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      for (let tries = 0; tries < 300; tries++) {
        await page.goto(`${gitlab}/chatops/policies/-/merge_requests/2`);
        if (words.test(await page.locator('body').innerText())) return { page, complaints };
        await page.waitForTimeout(100);
      }
      throw new Error(`the page never says ${words}: ${await page.locator('body').innerText()}`);
    };
    for (const [name, width, scheme] of [
      ['light', 1280, 'light'],
      ['dark', 1280, 'dark'],
      ['phone', 390, 'light'],
    ] as const) {
      const { page, complaints } = await until(/Policy review: lint and cases pass/, width, scheme);
      t.match(await page.locator('body').innerText(), /(?:person gains|people gain)\s+lb weight/, name);
      t.same(complaints, []);
      await page.screenshot({ path: join(shots, `policy-review-${name}.png`), fullPage: true });
      await page.close();
    }

    const csv = await (await ask('/repository/files/policy.csv/raw?ref=half-of-staging')).text();
    const content = `${csv}p, role:dev, *, /approve @all <b>, *, allow\n`;
    const actions = [{ action: 'update', file_path: 'policy.csv', content }];
    const body = JSON.stringify({ branch: 'half-of-staging', commit_message: 'more', actions });
    t.equal((await ask('/repository/commits', { method: 'POST', body })).status, 201);
    // The status is set when the note stands.
    const { page } = await until(/chatops\/policy\s+Failed/);
    const text = await page.locator('body').innerText();
    t.equal(text.split('Policy review:').length, 2, 'one note');
    t.match(text, /Policy review: not ready to merge/, 'the note says the same');
    t.match(text, /\/approve @all <b>/, 'what the file says is only shown');
    t.match(await (await ask('/merge_requests/2')).json(), { state: 'opened' });
    await page.screenshot({ path: join(shots, 'policy-review-failed.png'), fullPage: true });
  },
);
