import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { test } from '../../../src/cli/policy/test.ts';

const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const complain = (text: string): void => {
    throw new Error(text);
  };
  const ended = await test(args, { print, complain, now: () => Date.UTC(2026, 10, 21), env });
  return { ended, printed: printed.join('') };
};

/** A copy of the policies that come with the gateway, with changes of policy.csv. */
const copy = (folder: string, change: (csv: string) => string): string => {
  const path = join(folder, 'p');
  cpSync('policies', path, { recursive: true });
  writeFileSync(join(path, 'policy.csv'), change(readFileSync(join(path, 'policy.csv'), 'utf8')));
  return path;
};

const wrongUsage: readonly (readonly [args: readonly string[], said: RegExp])[] = [
  [['a', 'b'], /Name one folder/],
  [['--format', 'xml'], /--format: "xml" must be text, tap, junit or json/],
  [['--min-coverage', '101'], /--min-coverage: "101" must be a whole number from 0 to 100/],
  [['--min-mutation', '-1'], /argument is ambiguous|must be a whole number/],
  [['--min-mutation=9.5'], /--min-mutation: "9.5"/],
  [['--min-mutation=90', '--no-mutation'], /--min-mutation needs what --no-mutation leaves out/],
  [['--sort'], /Unknown option/],
  [['--members', '/nowhere.yml'], /^--members \/nowhere\.yml: /],
];

for (const [args, said] of wrongUsage)
  t.test(`wrong usage: ${args.join(' ')}`, async (t) => {
    const { ended, printed } = await run(args);
    t.match(ended, said);
    t.equal(printed, '');
  });

t.test('a folder that is not there, or cannot be used, fails', async (t) => {
  t.match(await run(['/nowhere']), { ended: 1, printed: /the folder cannot be read/ });
  const path = copy(t.testdir(), (csv) => `${csv}p, role:sre\n`);
  t.match(await run([path]), {
    ended: 1,
    printed: /^policy\.csv:\d+ {2}a rule has 5 columns.*\n\n1 mistake/,
  });
  writeFileSync(join(path, 'notes.txt'), '');
  t.match(await run([path]), { ended: 1, printed: /notes\.txt:1 .*\npolicy\.csv:\d+ /s });
});

t.test('a change that takes something away fails, with the place of the case', async (t) => {
  const path = copy(t.testdir(), (csv) => csv.replace('weight <= 25', 'weight <= 20'));
  const { ended, printed } = await run([path]);
  t.equal(ended, 1);
  t.match(printed, /^cases\/access\.yml:\d+ {2}allow gitlab:bo in channels:dev: lb weight web 25\n/);
  t.match(printed, /mutation {2}not measured: a case fails/);
});

t.test('a change that opens a door fails', async (t) => {
  for (const [from, to] of [
    ['p, role:sre, channels:ops', 'p, role:sre, *'],
    ['weight > 50, deny', 'weight > 60, deny'],
    ['weight <= 25', 'weight <= 26'],
    [
      'g, gitlab-group:app/dev, role:dev',
      'g, gitlab-group:app/dev, role:dev\ng, gitlab-group:app/dev, role:sre',
    ],
    ['channels:dev, flag get, *', '*, flag get, *'],
  ] as const) {
    const path = copy(t.testdir(), (csv) => csv.replace(from, to));
    t.equal((await run([path, '--no-mutation'])).ended, 1, to);
  }
});

t.test('the policies that come with the gateway pass, and their cases leave no gap', async (t) => {
  const { ended, printed } = await run(['policies', '--min-coverage=100', '--min-mutation=100']);
  t.equal(ended, 0, printed);
  t.match(
    printed,
    /^45 cases, all passed\ncoverage {2}8 of 8 rules .*\nmutation {2}45 of 45 mutants noticed \(100 %\)/,
  );
});

t.test('a minimum that is missed fails', async (t) => {
  const path = copy(t.testdir(), (csv) => `${csv}p, role:dev, channels:dev, hello, who = x, allow\n`);
  t.match(await run([path]), { ended: 0, printed: /coverage {2}8 of 9 rules/ });
  t.match(await run([path, '--min-coverage=90']), {
    ended: 1,
    printed: /missed {4}coverage is at least 90 %: 88 %\n$/,
  });
  t.match(await run([path, '--min-mutation=100']), {
    ended: 1,
    printed: /missed {4}mutation is at least 100 %: /,
  });
});

t.test('members from a file hold in every case', async (t) => {
  const folder = t.testdir({ 'members.yml': 'ops/sre: [carol]\n' });
  const path = copy(folder, (csv) => csv);
  const { ended, printed } = await run([path, '--members', join(folder, 'members.yml')]);
  t.equal(ended, 1);
  t.match(printed, /gitlab:carol is missing in the list/);
});

t.test('the folder may come from POLICIES, and the report go to a file', async (t) => {
  const output = join(t.testdir(), 'report.xml');
  const { ended, printed } = await run(['--format', 'junit', '--output', output], { POLICIES: 'policies' });
  t.strictSame({ ended, printed }, { ended: 0, printed: '' });
  t.match(
    readFileSync(output, 'utf8'),
    /^<\?xml .*\n<testsuites .* tests="45" failures="0".*file="policies\/cases\/access\.yml"/s,
  );
});
