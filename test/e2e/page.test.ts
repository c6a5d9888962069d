import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from 'playwright-core';
import t from 'tap';
import { findChromium } from '../support/chromium.ts';
import { startProgram } from '../support/processes.ts';

const shots = join(import.meta.dirname, '../../.cache/shots');
mkdirSync(shots, { recursive: true });

const sandbox = startProgram('cli/main.js', ['sandbox'], { SANDBOX_PORT: '0' });
t.teardown(() => sandbox.kill());
const address = (await sandbox.says(/Open this\s+(http:\S+)/))[1] ?? '';
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});
t.teardown(() => browser.close());

/** The page, open as one person in one channel. What the browser complains about is collected. */
const open = async (
  person: string,
  channel: string,
  width = 1440,
): Promise<{ page: Page; complaints: string[] }> => {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${address}/#as=${person}&in=${channel}`);
  await page.getByTestId('composer').waitFor();
  return { page, complaints };
};

const type = async (page: Page, text: string): Promise<void> => {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
};

/** The newest message that says so. */
const message = (page: Page, words: RegExp): Locator =>
  page.getByTestId('message').filter({ hasText: words }).last();

t.test('direct: a flag is read and the answer is there at once', async (t) => {
  const { page, complaints } = await open('U0ANA', 'C0OPSPROD');
  await type(page, '/chatops flag get checkout-v2');
  await message(page, /checkout-v2 is on \(staging/).waitFor();
  t.same(complaints, []);
  await page.close();
});

t.test('wait: a pipeline runs, one message follows it to its end', async (t) => {
  const { page } = await open('U0ANA', 'C0OPSPROD');
  await type(page, '/chatops lb weight web 10');
  await message(page, /lb weight web 10.*is running/s).waitFor();
  await message(page, /web now takes 10 % on 5 hosts/).waitFor();
  const about = page
    .getByTestId('message')
    .filter({ hasText: /lb weight web 10/ })
    .and(page.locator('[data-from="app"][data-private="false"]'));
  t.equal(await about.count(), 1, 'one message from beginning to end');
  await page.screenshot({ path: join(shots, 'wait.png') });
  await page.close();
});

t.test(
  'link: the release waits for a person, who presses its job in GitLab, and the message stays true',
  async (t) => {
    const { page } = await open('U0ANA', 'C0OPSPROD');
    await type(page, '/chatops release web v42');
    const waiting = message(page, /release web v42.*waits for a person to press release/s);
    await waiting.waitFor();
    const opened = page.context().waitForEvent('page');
    await waiting
      .getByRole('link', { name: /Pipeline \d+/ })
      .or(waiting.getByRole('button', { name: /Pipeline \d+/ }))
      .first()
      .click();
    const gitlab = await opened;
    await gitlab.getByRole('button', { name: /play/i }).first().click();
    await message(page, /release web v42.*succeeded/s).waitFor();
    await gitlab.screenshot({ path: join(shots, 'gitlab.png') });
    await gitlab.close();
    t.match(await message(page, /release web v42.*succeeded/s).textContent(), /release/);
    await page.screenshot({ path: join(shots, 'link.png') });
    await page.close();
  },
);

t.test('a refusal is for the caller’s eyes only and says what is missing', async (t) => {
  const { page } = await open('U0BO', 'C0SHOPDEV');
  await type(page, '/chatops lb weight web 60');
  const refusal = message(page, /Not allowed/);
  await refusal.waitFor();
  t.match(await refusal.textContent(), /weight <= 25/);
  t.equal(await refusal.getAttribute('data-private'), 'true');
  const other = await open('U0ANA', 'C0SHOPDEV');
  t.equal(await other.page.getByTestId('message').filter({ hasText: 'Not allowed' }).count(), 0);
  await page.screenshot({ path: join(shots, 'refusal.png') });
  await page.close();
  await other.page.close();
});

t.test('a typo is pointed at, with what was perhaps meant', async (t) => {
  const { page } = await open('U0ANA', 'C0OPSPROD', 390);
  await type(page, '/chatops lb wieght web 10');
  const answer = message(page, /there is no command "lb wieght"/);
  await answer.waitFor();
  const said = (await answer.textContent()) ?? '';
  t.match(said, /\^{9}/);
  t.match(said, /Did you mean lb weight/);
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, 'nothing sticks out on a phone');
  await page.screenshot({ path: join(shots, 'phone.png') });
  await page.close();
});

t.test('a running pipeline is canceled by its button', async (t) => {
  const { page } = await open('U0ANA', 'C0OPSPROD');
  await type(page, '/chatops lb weight api 30');
  const running = message(page, /lb weight api 30.*is running/s);
  await running.waitFor();
  await running.getByRole('button', { name: 'Cancel' }).click();
  await page.getByTestId('confirm-yes').click();
  await message(page, /lb weight api 30.*was canceled by/s).waitFor();
  await page.screenshot({ path: join(shots, 'canceled.png') });
  t.equal(
    await message(page, /lb weight api 30.*was canceled/s)
      .getByRole('button', { name: 'Cancel' })
      .count(),
    0,
  );
  await page.close();
});
