import t from 'tap';
import type { Started } from '../fakes/gitlab.ts';
import { policies, policyCsv, startWithPolicies, tokens } from '../fakes/policies.ts';

const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
const place = '/chatops/policies/-/merge_requests/2';

async function press(
  { gitlab }: Started,
  path: string,
  person: 'ana' | 'bo',
  form: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await fetch(gitlab.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: `sandbox_person=${person}`, ...headers },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
}

const stateOf = async ({ call }: Started): Promise<unknown> =>
  JSON.parse((await call('GET', `${policies}/merge_requests/2`)).text).state;

const headOf = ({ gitlab }: Started): string =>
  gitlab.world.projects.find(({ ci }) => ci.path === 'chatops/policies')?.repository.find('half-of-staging')
    ?.sha ?? '';

t.test('what is not there is a page with 404', async (t) => {
  const { gitlab } = await startWithPolicies(t);
  const paths = [
    '/chatops/policies/-/merge_requests/3',
    '/chatops/policies/-/merge_requests/x',
    '/ops/helm/-/merge_requests/2',
    '/no/where/-/merge_requests',
    '/chatops/policies/-/merge_requests/1/edit',
    `${place}/edit?path=nope`,
    '/chatops/policies/-/blob/main/nope',
    '/chatops/policies/-/blob/main',
    '/chatops/policies/-/blob/main/..%2F..%2Fetc%2Fpasswd',
    '/chatops/policies/-/tree/nope',
    '/chatops/policies/-/commit/0123456',
  ];
  for (const path of paths) t.equal((await fetch(gitlab.url + path)).status, 404, path);
});

t.test('presses that are refused change nothing', async (t) => {
  const started = await startWithPolicies(t);
  for (const verb of ['merge', 'close', 'approve', 'edit']) {
    const foreign = await press(started, `${place}/${verb}`, 'ana', {}, { 'sec-fetch-site': 'cross-site' });
    t.equal(foreign.status, 403, verb);
  }
  const bo = await press(started, `${place}/merge`, 'bo');
  t.match(bo, { status: 403, text: /Bo Chen may not merge into main: it is protected/ });
  t.match(bo.text, `href="${place}"`);
  t.match(
    (await press(started, `${place}/approve`, 'bo')).text,
    'Nobody approves a merge request of their own',
  );
  t.equal((await press(started, '/chatops/policies/-/merge_requests/9/merge', 'ana')).status, 403);
  t.match(
    (await press(started, '/chatops/policies/-/merge_requests/1/merge', 'ana')).text,
    'cannot be merged',
  );
  t.equal(await stateOf(started), 'opened');
});

t.test('an edit needs the newest head, a file that is there, a change and a message', async (t) => {
  const started = await startWithPolicies(t);
  const head = headOf(started);
  const good = { path: 'policy.csv', content: 'p, x, *, *, *, allow\r\n', message: 'Smaller', head };
  const refused = [
    [{ ...good, head: '0'.repeat(40) }, 'has moved on'],
    [{ ...good, path: 'nope' }, 'has no file nope'],
    [{ ...good, message: ' ' }, 'needs a message'],
    [
      {
        ...good,
        content: policyCsv.replace('<= 25', '<= 50').replace('only a quarter of it', 'only half of it'),
      },
      'Nothing was changed',
    ],
  ] as const;
  for (const [form, words] of refused) {
    const reply = await press(started, `${place}/edit`, 'bo', form);
    t.equal(reply.status, 403);
    t.match(reply.text, words);
  }
  t.equal(headOf(started), head);
  t.match(await press(started, `${place}/edit`, 'bo', good), { status: 303, location: place });
  const raw = await started.call('GET', `${policies}/repository/files/policy.csv/raw?ref=half-of-staging`);
  t.equal(raw.text, 'p, x, *, *, *, allow\n');
  t.equal((await press(started, `${place}/edit`, 'bo', good)).status, 403, 'not twice');
});

t.test('closed, reopened, approved, merged', async (t) => {
  const started = await startWithPolicies(t);
  const page = async (): Promise<string> => (await fetch(started.gitlab.url + place)).text();
  t.equal((await press(started, `${place}/close`, 'bo')).status, 303);
  t.match(await page(), 'Closed without being merged.');
  t.equal((await press(started, `${place}/reopen`, 'bo')).status, 303);
  t.equal((await press(started, `${place}/approve`, 'ana')).status, 303);
  t.notMatch(await page(), 'Approve as Ana');
  t.equal((await press(started, `${place}/merge`, 'ana')).status, 303);
  t.equal(await stateOf(started), 'merged');
  t.match(await page(), /Merged by <b>Ana Silva<\/b>/);
  t.match(
    await (await fetch(`${started.gitlab.url}/chatops/policies`)).text(),
    '!2 by Bo Chen · merged just now',
  );
});

t.test('hostile titles, notes, files and statuses are shown as text', async (t) => {
  const started = await startWithPolicies(t, {
    'policy.csv': policyCsv,
    [`${hostile.replaceAll('/', '')}.yml`]: hostile,
  });
  const { call, gitlab } = started;
  const sha = headOf(started);
  await call('PUT', `${policies}/merge_requests/2`, {
    json: { title: hostile, description: hostile },
    token: tokens.bo,
  });
  await call('POST', `${policies}/merge_requests/2/notes`, { json: { body: hostile } });
  const status = { state: 'failed', name: hostile, description: hostile, target_url: `https://x/${hostile}` };
  await call('POST', `${policies}/statuses/${sha}`, { json: status });
  const actions = [{ action: 'update', file_path: 'policy.csv', content: `${hostile}\n</textarea>\n` }];
  const json = { branch: 'half-of-staging', commit_message: hostile, actions };
  await call('POST', `${policies}/repository/commits`, { json, token: tokens.bo });
  await call('POST', `${policies}/statuses/${headOf(started)}`, { json: status });
  const pages = ['', '/-/merge_requests', '/-/tree/half-of-staging', '/-/commit/half-of-staging'];
  const more = [
    '/-/merge_requests/2',
    '/-/merge_requests/2/edit',
    '/-/merge_requests/2/edit?path=policy.csv',
  ];
  for (const path of [...pages, ...more, '/-/blob/half-of-staging/policy.csv']) {
    const text = await (await fetch(`${gitlab.url}/chatops/policies${path}`)).text();
    t.match(text, '&#60;script&#62;alert(1)', `${path} shows it`);
    const bare = text.replace(/"[^"]*"/g, '""');
    t.notMatch(bare, /<script>|<img|<[^>]* on\w+=| style=/, `${path} escapes it`);
    t.equal(text.split('</textarea>').length, path.includes('path=') ? 2 : 1);
  }
});

t.test('a file keeps the empty line that it begins with', async (t) => {
  const { gitlab } = await startWithPolicies(t, { 'policy.csv': `\n${policyCsv}` });
  const text = await (await fetch(`${gitlab.url}${place}/edit?path=policy.csv`)).text();
  t.match(text, />\n\n# Who may do what/, 'a browser takes the first one away');
});
