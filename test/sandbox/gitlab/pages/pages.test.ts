import fc from 'fast-check';
import t from 'tap';
import { html } from '../../../../src/sandbox/gitlab/pages/html.ts';
import { type Started, startFake } from '../fakes/gitlab.ts';

const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`;

/** A pipeline of ops/legacy with a name, variable and log that want to be markup. */
async function start({ call, ci, gitlab }: Started) {
  const variables = [{ key: hostile, value: hostile }];
  await call('POST', '/projects/104/pipeline', {
    json: { ref: 'main', variables, inputs: { name: hostile } },
  });
  const pipeline = ci.pipelines(104)[0];
  const [build, ship] = pipeline?.jobs ?? [];
  if (!pipeline || !build || !ship) throw new Error('The fake made no pipeline');
  ci.moveJob(build.id, {
    log: hostile,
    name: hostile,
    stage: 'build',
    environment: hostile,
    failureReason: hostile,
  });
  return { pipeline, build, ship, base: `${gitlab.url}/ops/legacy/-` };
}

async function press(url: string, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ back: '/ops/legacy' });
  const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    text: await answer.text(),
    headers: answer.headers,
  };
}

t.test('hostile names, values and logs are shown as text', async (t) => {
  const started = await startFake(t);
  const { pipeline, build, base } = await start(started);
  const pages = [
    '/',
    '/ops/legacy',
    `/ops/legacy/-/pipelines/${pipeline.id}`,
    `/ops/legacy/-/jobs/${build.id}`,
  ];
  for (const page of [...pages, '/-/live', `/ops/legacy/-/jobs/${build.id}/live`]) {
    const text = await (await fetch(started.gitlab.url + page)).text();
    t.match(text, '&#60;script&#62;alert(1)', `${page} shows it`);
    t.notMatch(text, /<script>|<img|onerror="/, `${page} escapes it`);
  }
  t.match(await (await fetch(`${base}/pipelines/${pipeline.id}`)).text(), '&#60;img src=x');
});

t.test('pages forbid inline scripts and frames', async (t) => {
  const { gitlab } = await startFake(t);
  const answer = await fetch(`${gitlab.url}/`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  t.match(policy, "default-src 'none'");
  t.match(policy, "script-src 'self'");
  t.match(policy, "frame-ancestors 'none'");
  t.notMatch(policy, 'unsafe');
  t.notMatch(await answer.text(), / style="| on\w+="|<script>/);
  for (const name of ['frame.css', 'pipeline.css', 'lists.css', 'log.css', 'page.js', 'icon.svg']) {
    t.equal((await fetch(`${gitlab.url}/-/web/${name}`)).status, 200, name);
  }
});

t.test('what is not there is a page with 404', async (t) => {
  const started = await startFake(t);
  const { pipeline } = await start(started);
  const paths = [
    '/no/where',
    '/ops/helm/-/pipelines/1',
    `/ops/helm/-/pipelines/${pipeline.id}`,
    '/ops/helm/-/jobs/x',
    '/-/web/..%2Fbuild.ts',
  ];
  for (const path of paths) {
    const answer = await fetch(started.gitlab.url + path);
    t.equal(answer.status, 404, path);
    t.match(await answer.text(), 'There is nothing here');
  }
});

t.test('a press from another web page does nothing', async (t) => {
  const started = await startFake(t);
  const { ship, base } = await start(started);
  const foreign: readonly Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://example.com' },
    { origin: 'null' },
  ];
  for (const headers of foreign) {
    t.equal((await press(`${base}/jobs/${ship.id}/play`, headers)).status, 403);
    t.equal((await press(`${started.gitlab.url}/-/person/bo`, headers)).status, 403);
  }
  t.equal(started.ci.job(ship.id)?.status, 'manual');
});

t.test('Bo may look at ops projects, not start anything there', async (t) => {
  const started = await startFake(t);
  const { ship, base } = await start(started);
  const refused = await press(`${base}/jobs/${ship.id}/play`, { cookie: 'sandbox_person=bo' });
  t.equal(refused.status, 403);
  t.match(refused.text, 'Bo Chen may look at ops/legacy');
  t.match(refused.text, `href="/ops/legacy/-/jobs/${ship.id}"`);
  t.equal(started.ci.job(ship.id)?.status, 'manual');
});

t.test('Ana plays the waiting job, and is led to it', async (t) => {
  const started = await startFake(t);
  const { pipeline, build, ship, base } = await start(started);
  started.ci.movePipeline(pipeline.id, { status: 'manual' });
  const page = await (await fetch(`${base}/pipelines/${pipeline.id}`)).text();
  t.match(page, 'Waits for a person.');
  t.match(page, `action="/ops/legacy/-/jobs/${ship.id}/play"`);
  const played = await press(`${base}/jobs/${ship.id}/play`, {
    cookie: 'sandbox_person=ana',
    origin: started.gitlab.url,
  });
  t.same([played.status, played.location], [303, `/ops/legacy/-/jobs/${ship.id}`]);
  t.equal(started.ci.job(ship.id)?.status, 'pending');
  t.match((await press(`${base}/jobs/${ship.id}/play`)).text, 'Unplayable Job');
  t.equal((await press(`${base}/jobs/${build.id}/cancel`)).status, 303);
  t.equal(started.ci.job(build.id)?.status, 'canceled');
  const retried = await press(`${base}/jobs/${build.id}/retry`);
  t.not(retried.location, `/ops/legacy/-/jobs/${build.id}`, 'a retry is a new job');
  t.equal((await press(`${base}/pipelines/${pipeline.id}/cancel`)).status, 303);
  t.equal(started.ci.pipeline(pipeline.id)?.status, 'canceled');
  t.equal((await press(`${started.gitlab.url}/ops/helm/-/jobs/${ship.id}/play`)).status, 403);
});

t.test('the switch remembers the person and leads back to this server only', async (t) => {
  const { gitlab } = await startFake(t);
  const answer = await press(`${gitlab.url}/-/person/bo`);
  t.same([answer.status, answer.location], [303, '/ops/legacy']);
  t.match(answer.headers.get('set-cookie'), /^sandbox_person=bo; .*HttpOnly; SameSite=Strict/);
  for (const back of ['https://example.com', '//example.com', '/\\example.com', '/a\r\nb: c']) {
    const body = new URLSearchParams({ back });
    const led = await fetch(`${gitlab.url}/-/person/bo`, { method: 'POST', body, redirect: 'manual' });
    t.equal(led.headers.get('location'), '/', back);
  }
  t.equal((await press(`${gitlab.url}/-/person/chatops-bot`)).status, 403);
  const page = await fetch(gitlab.url, { headers: { cookie: 'a=b; sandbox_person=bo' } });
  t.match(await page.text(), /aria-pressed="true" title="Bo Chen/);
});

t.test('no text can end an element or an attribute', async () => {
  const anything = fc.string({ unit: fc.constantFrom(...`<>&"'\`=/ ax`) });
  fc.assert(
    fc.property(anything, (text) => {
      const { markup } = html`<a title="${text}">${text}</a>`;
      const plain = markup.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
      const safe = markup.slice('<a title="'.length, -'</a>'.length);
      return plain === `<a title="${text}">${text}</a>` && (safe.match(/[<>"']/g) ?? []).length === 2;
    }),
  );
});
