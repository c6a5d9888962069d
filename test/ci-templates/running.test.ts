import t from 'tap';
import { gitlabReply, replyText } from '../../src/gitlab/log.ts';
import { exampleOf, freeTextExample } from './example.ts';
import { type Given, jobOf, targetOf } from './target.ts';

t.test('a template that is not there fails the target, so the others are really read', async (t) => {
  const target = targetOf(t, exampleOf('chatops.yml').replace('chatops.yml', 'nothing.yml'));
  const created = target.create({ variables: { CHATOPS_RUN_ID: 'r-1' } });
  t.match(created, { ok: false, errors: [/ci-templates\/nothing\.yml` does not exist/] });
});

const ends: readonly {
  readonly file: string;
  readonly text: string;
  readonly given: Given;
  readonly status: 'success' | 'manual';
  readonly stages: readonly string[];
  readonly jobs: readonly string[];
}[] = [
  {
    file: 'chatops.yml',
    text: exampleOf('chatops.yml').replace('uptime |', 'printf up |'),
    given: { variables: { CHATOPS_RUN_ID: 'r-1' } },
    status: 'success',
    stages: ['test'],
    jobs: ['uptime=success'],
  },
  {
    file: 'direct-feature-flag.yml',
    text: exampleOf('direct-feature-flag.yml'),
    given: { variables: { CHATOPS_RUN_ID: 'r-1', CHAT_INPUT: 'checkout-v2' } },
    status: 'success',
    stages: ['test'],
    jobs: ['feature-flag=success'],
  },
  {
    file: 'wait-ansible.yml',
    text: exampleOf('wait-ansible.yml'),
    given: { inputs: { backend: 'web', weight: 10, chatops_run_id: 'r-1' } },
    status: 'success',
    stages: ['check', 'apply', 'verify'],
    jobs: ['ansible-check=success', 'ansible-apply=success', 'ansible-verify=success'],
  },
  {
    file: 'link-helm.yml',
    text: exampleOf('link-helm.yml'),
    given: { inputs: { service: 'web', version: 'v42', chatops_run_id: 'r-1' } },
    status: 'manual',
    stages: ['render', 'release'],
    jobs: ['helm-render=success', 'release=manual'],
  },
  {
    file: 'README.md',
    text: freeTextExample(),
    given: { inputs: { note: 'hello', chatops_run_id: 'r-1', chatops_ticket: 'a.b.c' } },
    status: 'success',
    stages: ['check', 'apply', 'verify'],
    jobs: ['ansible-check=success', 'ansible-apply=success', 'ansible-verify=success'],
  },
];

for (const { file, text, given, status, stages, jobs } of ends) {
  t.test(`the example of ${file} runs as it is written, under the run's name`, async (t) => {
    const target = targetOf(t, text);
    target.programs.remember('flag-checkout-v2', 'true');
    const pipeline = await target.run(given, status);
    t.equal(pipeline.name, 'chatops r-1');
    t.strictSame(pipeline.stages, stages);
    t.strictSame(
      pipeline.jobs.map((job) => `${job.name}=${job.status}`),
      jobs,
    );
    const ran = pipeline.jobs.filter((job) => job.startedAt !== null);
    for (const [index, job] of ran.slice(1).entries()) {
      t.ok(
        (job.startedAt ?? 0) >= (ran[index]?.finishedAt ?? Infinity),
        `${job.name} waits for the stage before`,
      );
    }
  });
}

t.test('a push to a project with the feature flag or chatops template starts nothing', async (t) => {
  for (const file of ['chatops.yml', 'direct-feature-flag.yml']) {
    t.match(targetOf(t, exampleOf(file)).create({}), { ok: false }, file);
  }
});

const replies: readonly { readonly name: string; readonly command: string; readonly text: string }[] = [
  { name: 'one line', command: "echo 'all is well'", text: 'all is well' },
  { name: 'several lines, the last not ended', command: "printf 'a\\nb'", text: 'a\nb' },
  { name: 'nothing but empty lines before the text', command: "printf '\\n\\na\\n'", text: '\n\na' },
  {
    name: 'text that would end the section',
    command: "printf 'a\\nsection_end:1:chat_reply\\r\\033[0K\\nb\\n'",
    text: 'a\nsection_end:1:chat_reply\u001b[0K\nb',
  },
  {
    name: 'text that would begin another section',
    command: "printf 'section_start:1:chat_reply\\r\\033[0K\\nb\\n'",
    text: 'section_start:1:chat_reply\u001b[0K\nb',
  },
];

for (const { name, command, text } of replies) {
  t.test(`the reply is cut out of the log, by GitLab as by us: ${name}`, async (t) => {
    const target = targetOf(t, exampleOf('chatops.yml').replace('uptime |', `${command} |`));
    const { log } = jobOf(await target.run({ variables: { CHATOPS_RUN_ID: 'r-1' } }, 'success'), 'uptime');
    t.match(gitlabReply(log), { shows: 'text', text });
    t.match(log, /\nsection_end:\d+:chat_reply\r/, 'the marker has a line of its own');
    t.equal(replyText(log)?.trim(), text.replaceAll('\u001b[0K', '').trim());
  });
}

t.test('a command that fails fails its job, though its output goes into the reply', async (t) => {
  const failing = exampleOf('chatops.yml').replace('uptime |', '(echo no; exit 3) |');
  const target = targetOf(t, failing);
  const pipeline = await target.run({ variables: { CHATOPS_RUN_ID: 'r-1' } }, 'failed');
  t.match(jobOf(pipeline, 'uptime'), { failureReason: 'script_failure', log: /exit code 3/ });
});
