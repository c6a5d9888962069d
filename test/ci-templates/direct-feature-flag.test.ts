import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { chatReplyText, replyText } from '../../src/gitlab/log.ts';
import { exampleOf } from './example.ts';
import { jobOf, targetOf } from './target.ts';

const given = (input: string) => ({
  variables: { CHATOPS_RUN_ID: 'r-1', CHAT_INPUT: input, FLAGS_TOKEN: 'secret-token' },
});

const badNames = (file: string): readonly string[] => [
  '',
  'Checkout',
  '../../../users',
  'checkout-v2?x=1 on',
  '-o/etc/passwd',
  `web; touch ${file}`,
  `$(touch ${file}) on`,
  `\`touch ${file}\``,
  '"checkout-v2" on',
];

t.test('a bad name is refused and GitLab is not asked', async (t) => {
  const target = targetOf(t, exampleOf('direct-feature-flag.yml'));
  const file = join(target.programs.folder, 'pwned');
  for (const input of badNames(file)) {
    const { log } = jobOf(await target.run(given(input), 'failed'), 'feature-flag');
    t.match(chatReplyText(log), "A flag's name begins with a small letter", input);
  }
  t.strictSame(target.programs.calls('curl'), []);
  t.notOk(existsSync(file));
});

t.test('a state that is neither on nor off is refused and nothing is changed', async (t) => {
  const target = targetOf(t, exampleOf('direct-feature-flag.yml'));
  target.programs.remember('flag-checkout-v2', 'false\n');
  for (const input of [
    'checkout-v2 maybe',
    'checkout-v2 on off',
    'checkout-v2 on; id',
    'checkout-v2 $(id)',
  ]) {
    const { log } = jobOf(await target.run(given(input), 'failed'), 'feature-flag');
    t.match(chatReplyText(log), 'Say on or off', input);
  }
  t.strictSame(target.programs.calls('curl'), []);
  t.equal(target.programs.remembered('flag-checkout-v2'), 'false\n');
});

t.test('a flag that GitLab does not have is said to be missing', async (t) => {
  const target = targetOf(t, exampleOf('direct-feature-flag.yml'));
  const { log } = jobOf(await target.run(given('nope on'), 'failed'), 'feature-flag');
  t.match(chatReplyText(log), 'GitLab has no flag nope');
});

for (const [kept, words] of [
  ['true\n', 'checkout-v2 is on'],
  ['false\n', 'checkout-v2 is off'],
] as const) {
  t.test(`a name alone reads: ${words}`, async (t) => {
    const target = targetOf(t, exampleOf('direct-feature-flag.yml'));
    target.programs.remember('flag-checkout-v2', kept);
    const { log } = jobOf(await target.run(given('checkout-v2'), 'success'), 'feature-flag');
    t.equal(replyText(log), words);
    t.notMatch(log, 'secret-token');
    t.equal(target.programs.remembered('flag-checkout-v2'), kept);
    const [call] = target.programs.calls('curl');
    t.equal(call?.args.at(-1), 'http://gitlab.test/api/v4/projects/1/feature_flags/checkout-v2');
    t.notOk(call?.args.includes('PUT'));
  });
}

for (const [input, kept, words] of [
  ['checkout-v2 on', 'true\n', 'checkout-v2 is on'],
  ['  checkout-v2   off ', 'false\n', 'checkout-v2 is off'],
] as const) {
  t.test(`"${input}" sets`, async (t) => {
    const target = targetOf(t, exampleOf('direct-feature-flag.yml'));
    target.programs.remember('flag-checkout-v2', kept === 'true\n' ? 'false\n' : 'true\n');
    const { log } = jobOf(await target.run(given(input), 'success'), 'feature-flag');
    t.equal(replyText(log), words);
    t.equal(target.programs.remembered('flag-checkout-v2'), kept);
    t.ok(target.programs.calls('curl')[0]?.args.includes('PRIVATE-TOKEN: secret-token'));
  });
}
