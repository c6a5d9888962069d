import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { chatReplyText, replyText } from '../../src/gitlab/log.ts';
import { exampleOf } from './example.ts';
import { jobOf, targetOf } from './target.ts';

const inputs = { service: 'web', version: 'v42', chatops_run_id: 'r-1' };
const deployed = (tag: string): string =>
  `---\n# Source: web/templates/secret.yaml\napiVersion: v1\nkind: Secret\ndata:\n  password: cGFzcw${tag}\n` +
  `---\n# Source: web/templates/deployment.yaml\napiVersion: apps/v1\nkind: Deployment\nspec:\n  image: shop/web:${tag}\n`;

t.test('values that the example does not declare never start a pipeline', async (t) => {
  const target = targetOf(t, exampleOf('link-helm.yml'));
  for (const version of [
    'v42; touch /tmp/x',
    '$(id)',
    'v1,image.repository=evil',
    'v1"\nevil: {}',
    'v1\n',
    '',
  ]) {
    t.match(target.create({ inputs: { ...inputs, version } }), { ok: false }, version);
  }
  t.match(target.create({ inputs: { ...inputs, service: '--kube-token=x' } }), { ok: false });
});

const odd: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a comma in the version', { RELEASE_VERSION: 'v1,image.repository=evil' }],
  ['a command in the version', { RELEASE_VERSION: 'v1; touch pwned' }],
  ['a second line in the version', { RELEASE_VERSION: 'v1\nv2' }],
  ['an option as the service', { RELEASE_SERVICE: '--kube-token=x' }],
  ['a substitution as the service', { RELEASE_SERVICE: '$(touch pwned)' }],
];

for (const [name, variables] of odd) {
  t.test(`${name} that came past the inputs stops before helm is asked`, async (t) => {
    const target = targetOf(t, exampleOf('link-helm.yml'));
    const pipeline = await target.run({ inputs, variables }, 'failed');
    t.match(chatReplyText(jobOf(pipeline, 'helm-render').log), 'nothing was rendered');
    t.strictSame(target.programs.calls('helm'), []);
  });
}

t.test('who presses cannot install anything but what was shown', async (t) => {
  const target = targetOf(t, exampleOf('link-helm.yml'));
  const waiting = await target.run({ inputs }, 'manual');
  target.play(waiting, 'release', { RELEASE_VERSION: 'v1' });
  const pipeline = await target.reaches(waiting.id, 'failed');
  t.equal(
    chatReplyText(jobOf(pipeline, 'release').log),
    'This is not what was rendered and shown; nothing was installed',
  );
  t.notOk(target.programs.remembered('installed'));
});

t.test('the difference is the reply, without its Secrets, and nothing is installed yet', async (t) => {
  const target = targetOf(t, exampleOf('link-helm.yml'));
  target.programs.remember('installed', deployed('v41'));
  const pipeline = await target.run({ inputs }, 'manual');
  const { log } = jobOf(pipeline, 'helm-render');
  t.match(replyText(log), '\n-  image: shop/web:v41\n');
  t.match(replyText(log), '\n+  image: shop/web:v42');
  t.notMatch(log, 'cGFzcw', 'the log has no Secret');
  t.equal(target.programs.remembered('installed'), deployed('v41'));
  t.strictSame(
    target.programs.calls('helm').map(({ args }) => args[0]),
    ['lint', 'template', 'list', 'get'],
  );
});

const comparisons: readonly (readonly [string, string | undefined, string])[] = [
  ['a first release says so', undefined, 'web is not installed in shop yet'],
  [
    'a release of what runs says so',
    deployed('v42'),
    'web v42 is what shop already runs; nothing would change',
  ],
  [
    'a change of Secrets alone says so',
    deployed('v42').replace('cGFzcwv42', 'b3RoZXI'),
    'Only Secrets would change; they are not shown',
  ],
];

for (const [name, installed, first] of comparisons) {
  t.test(name, async (t) => {
    const target = targetOf(t, exampleOf('link-helm.yml'));
    if (installed !== undefined) target.programs.remember('installed', installed);
    const reply = replyText(jobOf(await target.run({ inputs }, 'manual'), 'helm-render').log);
    t.equal(reply?.split('\n')[0], first);
  });
}

t.test('a long difference is cut for chat and whole in the log', async (t) => {
  const target = targetOf(t, exampleOf('link-helm.yml'));
  const lines = Array.from({ length: 100 }, (_, line) => `  old-${line}: x\n`).join('');
  target.programs.remember('installed', deployed('v41') + lines);
  const { log } = jobOf(await target.run({ inputs }, 'manual'), 'helm-render');
  t.match(replyText(log), /\n\.\.\. and \d+ lines more, in the job's log$/);
  t.equal(replyText(log)?.split('\n').length, 41);
  t.match(log, 'old-99');
});

t.test('the pressed job upgrades to the version and says what the history is', async (t) => {
  const target = targetOf(t, exampleOf('link-helm.yml'));
  const waiting = await target.run({ inputs }, 'manual');
  t.match(jobOf(waiting, 'release'), { status: 'manual', environment: 'production' });
  target.play(waiting, 'release');
  const pipeline = await target.reaches(waiting.id, 'success');
  const upgrade = target.programs.calls('helm').find(({ args }) => args[0] === 'upgrade');
  t.equal(
    upgrade?.args.join(' '),
    'upgrade --install web charts/web --namespace shop --set-string image.tag=v42 --atomic --timeout 10m',
  );
  t.match(target.programs.remembered('installed'), 'image: shop/web:v42');
  t.match(replyText(jobOf(pipeline, 'release').log), 'Upgrade complete');
  t.notOk(existsSync(join(target.programs.folder, 'pwned')));
});
