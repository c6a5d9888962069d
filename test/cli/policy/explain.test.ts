import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { explain } from '../../../src/cli/policy/explain.ts';

const run = async (...args: readonly string[]) => {
  const said = { printed: '', complained: '' };
  const ended = await explain(args, {
    print(text) {
      said.printed += text;
    },
    complain(text) {
      said.complained += text;
    },
    now: () => Date.UTC(2026, 10, 21),
    env: {},
  });
  return { ended, ...said };
};

const dev = 'slack:T0SANDBOX/C0SHOPDEV';
const ops = 'slack:T0SANDBOX/C0OPSPROD';

const copy = (folder: string, change: (csv: string) => string = (csv) => csv): string => {
  const path = join(folder, 'p');
  cpSync('policies', path, { recursive: true });
  writeFileSync(join(path, 'policy.csv'), change(readFileSync(join(path, 'policy.csv'), 'utf8')));
  return path;
};

const wrongUsage: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [['policies', 'lb weight web 10'], /Say who it is about/],
  [['policies', '--as', 'bo', 'lb weight web 10'], /--as: "bo" must be an account/],
  [['policies', '--as', 'role:sre', 'lb weight web 10'], /--as: "role:sre" must be an account/],
  [['policies', '--as', 'gitlab:bo', '--in', 'ops', 'lb weight web 10'], /--in: "ops" must be a channel/],
  [['policies', '--as', 'gitlab:bo', '--format', 'xml', 'lb weight web 10'], /must be text or json/],
  [['policies', '--as', 'gitlab:bo', '--on', 'x', 'lb weight web 10'], /--on is unknown here/],
  [['policies', '--as', 'gitlab:bo'], /Give a whole command/],
  [['policies', '--as', 'gitlab:bo', 'lb', 'weigth', 'web'], /Did you mean/],
  [['policies', '--as', 'gitlab:bo', '--members', '/nowhere', 'lb weight web 1'], /^--members \/nowhere/],
];

for (const [args, said] of wrongUsage)
  t.test(`wrong usage: ${args.join(' ')}`, async (t) => {
    const { ended, printed } = await run(...args);
    t.match(ended, said);
    t.equal(printed, '');
  });

t.test('a folder with mistakes explains nothing', async (t) => {
  const path = copy(t.testdir(), (csv) => `${csv}p, role:sre\n`);
  t.match(await run(path, '--as', 'gitlab:bo', 'lb weight web 10'), {
    ended: 1,
    printed: '',
    complained: /cannot be used:\npolicy\.csv:\d+: a rule has 5 columns/,
  });
});

t.test('a denial: what would help, and who could be asked', async (t) => {
  const folder = t.testdir({ 'members.yml': 'ops/sre: [ana, carol]\napp/dev: [bo]\n' });
  const members = join(folder, 'members.yml');
  const asked = ['policies', '--as', 'gitlab:bo', '--in', dev, '--members', members];
  const { ended, printed } = await run(...asked, 'lb', 'weight', 'web', '60');
  t.equal(ended, 1);
  t.match(printed, /^Denied: gitlab:bo in slack:T0SANDBOX\/C0SHOPDEV: lb weight web 60\n/);
  t.match(printed, /\n {2}rule {5}no rule allows it\n/);
  t.match(printed, /\n {2}weight <= 25 \(you gave 60\) {2}\(policy\.csv:\d+\)\n/);
  t.match(
    printed,
    /in slack:T0SANDBOX\/C0OPSPROD via channels:ops, and role sre: ask ana, carol {2}\(policy/,
  );
  const stranger = await run('policies', '--as', 'slack:T0SANDBOX/U0GUS', 'lb weight web 10');
  t.match(stranger, { ended: 1, printed: /in a channel that no rule names: lb weight web 10/ });
});

t.test('a rule that forbids, and the one it wins over', async (t) => {
  const path = copy(t.testdir(), (csv) => `${csv}p, *, *, lb weight, *, allow\n`);
  const asked = [path, '--as', 'gitlab:ana', '--in', ops];
  const { ended, printed } = await run(...asked, 'lb weight web 60 --env=production');
  t.equal(ended, 1);
  t.match(printed, /rule {5}policy\.csv:\d+ {2}\*, \*, lb weight, env = production and weight > 50, deny\n/);
  t.match(printed, / {2}person {3}anybody\n {2}channel {2}every channel\n/);
  t.match(
    printed,
    /\nThese apply too, and did not decide\n {2}policy\.csv:\d+ {2}\*, \*, lb weight, \*, allow\n/,
  );
});

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], {
    encoding: 'utf8',
  });

/** A checkout: a first commit, a rule by merge request 12, a rule pushed to main, then merge request 13. */
const checkout = (folder: string) => {
  const path = copy(folder);
  const csv = join(path, 'policy.csv');
  const add = (row: string, message: string): string => {
    writeFileSync(csv, `${readFileSync(csv, 'utf8')}${row}\n`);
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', message);
    return git(folder, 'rev-parse', 'HEAD').trim();
  };
  const merge = (branch: string, number: number): void => {
    git(folder, 'checkout', '-q', 'main');
    const message = `Merge branch '${branch}' into 'main'\n\nSee merge request ops/policies!${number}`;
    git(folder, 'merge', '-q', '--no-ff', '-m', message, branch);
  };
  git(folder, 'init', '-qb', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'First');
  git(folder, 'checkout', '-qb', 'hello');
  const merged = add(
    'p, gitlab:bo, *, hello, *, allow, "reason=he asked, kindly", expires=2026-12-31',
    'Bo may say hello',
  );
  merge('hello', 12);
  const pushed = add('p, gitlab:ana, *, hello, *, allow', 'Ana too');
  git(folder, 'checkout', '-qb', 'later');
  add('# a remark', 'A remark');
  merge('later', 13);
  return { path, csv, merged, pushed };
};

t.test(
  'an allow: the rule with its reason and end, the ways to it, the commit and the merge request',
  async (t) => {
    const { path, csv, merged, pushed } = checkout(t.testdir());
    const bo = await run(path, '--as', 'slack:T0SANDBOX/U0BO', 'hello');
    t.equal(bo.ended, 0, bo.printed);
    t.match(bo.printed, /^Allowed: slack:T0SANDBOX\/U0BO in a channel that no rule names: hello/);
    t.match(bo.printed, '  reason   he asked, kindly\n  expires  after 2026-12-31\n');
    t.match(bo.printed, `  commit   ${merged.slice(0, 12)} Bo may say hello (!12)\n`);
    t.match(
      bo.printed,
      /person {3}slack:T0SANDBOX\/U0BO -> gitlab:bo \(policy\.csv:\d+\)\n {2}channel {2}every/,
    );
    const ana = await run(path, '--as', 'gitlab:ana', '--format', 'json', 'hello');
    const { allowed, commit, people } = JSON.parse(ana.printed);
    t.match({ ended: ana.ended, allowed, commit }, { ended: 0, allowed: true, commit: { commit: pushed } });
    t.notOk('mergeRequest' in commit, 'pushed, not merged');
    t.match(people, [{ member: 'slack:T0SANDBOX/U0ANA', group: 'gitlab:ana' }]);
    writeFileSync(csv, readFileSync(csv, 'utf8').replace('gitlab:ana, *, hello', 'gitlab:ana, *,  hello'));
    const changed = await run(path, '--as', 'gitlab:ana', '--format', 'json', 'hello');
    t.match(JSON.parse(changed.printed), { allowed: true, commit: null }, 'a line that is not committed');
  },
);
