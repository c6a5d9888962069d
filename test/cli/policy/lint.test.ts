import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { lint } from '../../../src/cli/policy/lint.ts';

const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const complain = (text: string): void => {
    throw new Error(text);
  };
  const ended = await lint(args, { print, complain, now: () => Date.UTC(2026, 10, 21), env });
  return { ended, printed: printed.join('') };
};

/** A copy of the policies that come with the gateway, with these rows added. */
const copy = (folder: string, ...rows: readonly string[]): string => {
  const path = join(folder, 'p');
  cpSync('policies', path, { recursive: true });
  appendFileSync(join(path, 'policy.csv'), rows.map((row) => `${row}\n`).join(''));
  return path;
};

const wrongUsage: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [['a', 'b'], /Name one folder/],
  [['--format', 'xml'], /^--format: one of text, json, sarif, codequality\.$/],
  [['--format', 'toString'], /^--format: one of/],
  [['--fix'], /Unknown option/],
  [['--members', '/nowhere.yml'], /^--members \/nowhere\.yml: /],
  [['policies', '--output', '/nowhere/report.json'], /^--output \/nowhere\/report\.json: /],
];

for (const [args, said] of wrongUsage)
  t.test(`wrong usage: ${args.join(' ')}`, async (t) => {
    const { ended, printed } = await run(args);
    t.match(ended, said);
    t.equal(printed, '');
  });

t.test('the policies that come with the gateway are clean', async (t) => {
  t.same(await run(['policies']), { ended: 0, printed: 'Nothing found.\n' });
});

t.test('a folder that is not there fails', async (t) => {
  t.match(await run(['/nowhere']), {
    ended: 1,
    printed: /^\/nowhere:1: error file: the folder cannot be read/,
  });
});

t.test('warnings fail unless they are allowed, errors always do', async (t) => {
  const odd = copy(t.testdir(), 'p, role:oncall, channels:ops, hello, *, allow');
  t.match(await run([odd]), { ended: 1, printed: /policy\.csv:\d+: warning nobody-has-role: / });
  t.match(await run([odd, '--allow-warnings']), { ended: 0, printed: /1 warning\./ });
  appendFileSync(join(odd, 'policy.csv'), 'p, *, *, hello, who = x, allow\n');
  t.match(await run([odd, '--allow-warnings']), { ended: 1, printed: /error broad-grant/ });
});

t.test('the folder: as named, else POLICIES, else policies', async (t) => {
  const odd = copy(t.testdir(), 'p, role:oncall, channels:ops, hello, *, allow');
  t.match(await run([], { POLICIES: odd }), { ended: 1 });
  t.match(await run([], { POLICIES: 'gitlab:chatops/policies@main' }), { ended: 0 });
  t.match(await run(['policies'], { POLICIES: odd }), { ended: 0 });
});

t.test('who is in the GitLab groups is read from a file', async (t) => {
  const folder = t.testdir({ 'members.yml': 'ops/sre: [Ana]\n' });
  const path = copy(folder, 'p, gitlab:ana, channels:dev, hello, who = x, allow');
  t.match(await run([path]), { ended: 0 });
  t.match(await run([path, '--members', join(folder, 'members.yml')]), {
    ended: 1,
    printed: /two-spellings/,
  });
});

for (const format of ['text', 'json', 'sarif', 'codequality'])
  t.test(`${format} is printed, or written to a file, with paths as the folder was named`, async (t) => {
    const path = copy(t.testdir(), 'p, role:oncall, channels:ops, hello, *, allow');
    const { printed } = await run([`${path}/`, '--format', format]);
    t.match(printed, `${path}/policy.csv`);
    const output = join(path, '..', 'report');
    t.same(await run([path, '--format', format, '--output', output]), { ended: 1, printed: '' });
    t.equal(readFileSync(output, 'utf8'), printed);
  });

t.test('folders that were not read are no reason to fail', async (t) => {
  const path = copy(t.testdir());
  writeFileSync(join(path, '.gitlab-ci.yml'), 'x: ]\n');
  t.match(await run([path]), { ended: 0 });
});
