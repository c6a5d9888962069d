import t from 'tap';
import { phaseOf } from '../../src/core/pipelines.ts';
import { gatherOutcome, limited } from '../../src/gitlab/outcome.ts';
import { jobsOf } from '../../src/gitlab/reading.ts';
import type { FakeJob } from '../fakes/gitlab.ts';
import { gitlabFor } from '../fakes/gitlab-client.ts';

const chat = (text: string) =>
  `section_start:1:chat_reply\r\x1b[0K\n${text}\nsection_end:2:chat_reply\r\x1b[0K`;
const script = (text: string) =>
  `section_start:1:step_script\r\x1b[0Khdr\n${text}\nsection_end:2:step_script\r\x1b[0K`;

let lastId = 0;
const job = (name: string, stage: string, status: string, log = '', more: Partial<FakeJob> = {}): FakeJob => {
  lastId += 1;
  return { id: lastId, name, stage, status, log, ...more };
};

/** Makes a pipeline with these jobs (and perhaps others downstream) and gathers what came out. */
const outcomeOf = async (
  t: Parameters<typeof gitlabFor>[0],
  status: string,
  jobs: FakeJob[],
  below: FakeJob[] = [],
) => {
  const { fake, gitlab } = await gitlabFor(t, { paths: ['ops/ansible', 'ops/helm'] });
  await gitlab.Pipelines.create('ops/ansible', 'main', {});
  await gitlab.Pipelines.create('ops/helm', 'main', {});
  fake.pipelines[0]?.jobs.push(...jobs);
  fake.pipelines[1]?.jobs.push(...below);
  if (fake.pipelines[1]) fake.pipelines[1].status = 'failed';
  const gather = gatherOutcome({
    jobs: jobsOf(gitlab),
    trace: async (project, id) => String(await gitlab.Jobs.showLog(project, id)),
  });
  const ref = { project: 'ops/ansible', id: 101, webUrl: `${fake.url}/p`, status, createdAt: 0 };
  return gather({ ...ref, phase: phaseOf(status), stages: [] });
};

t.test('failed', async (t) => {
  const allowed = job('lint', 'test', 'failed', script('lint'), { allow_failure: true });
  const failed = job('apply', 'deploy', 'failed', script('$ apply\nboom'), {
    failure_reason: 'script_failure',
  });
  t.match(await outcomeOf(t, 'failed', [allowed, failed, job('late', 'z', 'failed', script('no'))]), {
    text: undefined,
    failure: { job: 'apply', lines: '$ apply\nboom', webUrl: /ops\/ansible\/-\/jobs/ },
    because: 'Job "apply" in stage "deploy" failed: its script failed.',
  });
  const talking = job('apply', 'deploy', 'failed', `${script('boom')}\n${chat('disk full')}`);
  t.match(await outcomeOf(t, 'failed', [talking]), { text: 'disk full', failure: { lines: 'boom' } });
  t.match(await outcomeOf(t, 'failed', []), { because: /before any of its jobs/, failure: undefined });
});

t.test('failed in a pipeline that it started', async (t) => {
  const bridge = job('release', 'deploy', 'failed', '', { downstream: { project: 'ops/helm', id: 102 } });
  const below = job('helm', 'install', 'failed', script('no such chart'));
  t.match(await outcomeOf(t, 'failed', [bridge], [below]), {
    failure: { job: 'helm', lines: 'no such chart', webUrl: /ops\/helm\/-\/jobs/ },
  });
  const lost = job('release', 'deploy', 'failed', '', {
    failure_reason: 'downstream_bridge_project_not_found',
  });
  t.match(await outcomeOf(t, 'failed', [lost]), { because: /downstream project does not exist/ });
});

t.test('succeeded', async (t) => {
  const one = job('one', 'a', 'success', `${script('x')}\n${chat('first')}`);
  const two = job('two', 'b', 'success', chat('second'));
  const last = job('last', 'c', 'success', script('no reply'));
  t.match(await outcomeOf(t, 'success', [one, two, last]), { text: 'first\nsecond', link: /\/p$/ });
  t.match(
    await outcomeOf(t, 'success', [
      job('x', 'a', 'success', script('no')),
      job('y', 'b', 'success', script('$ echo hi\nhi')),
    ]),
    {
      text: '$ echo hi\nhi',
    },
  );
  t.match(await outcomeOf(t, 'success', [job('m', 'a', 'manual'), job('s', 'a', 'skipped')]), {
    text: undefined,
  });
});

t.test('neither', async (t) => {
  t.match(await outcomeOf(t, 'canceled', []), { because: /cancelled/ });
  t.match(await outcomeOf(t, 'skipped', []), { because: /skipped/ });
});

t.test('long texts are cut in whole lines', async (t) => {
  const text = Array.from({ length: 1000 }, (_, line) => `line ${line}`).join('\n');
  const kept = limited(text, 'https://x/1');
  t.ok(kept.length <= 3000 && kept.length > 2800);
  t.match(kept, /^line 0\nline 1\n/);
  const left = Number(/… (\d+) more lines: https:\/\/x\/1$/.exec(kept)?.[1]);
  t.equal(left + kept.split('\n').length - 1, 1000, 'nothing is miscounted');
  t.match(limited(text, 'https://x/1', 'end'), /^… \d+ more lines: .*\n(?:.*\n)*line 999$/);
  t.ok(limited('狸'.repeat(5000), 'l').length <= 3000);
  t.notMatch(limited('🎉'.repeat(5000), 'l'), /[\ud800-\udbff](?![\udc00-\udfff])/, 'no half characters');
  t.equal(limited('short', 'l'), 'short');
});
