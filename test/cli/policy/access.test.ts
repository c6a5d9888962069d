import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { diff } from '../../../src/cli/policy/diff.ts';
import { whatCan } from '../../../src/cli/policy/what-can.ts';
import { whoCan } from '../../../src/cli/policy/who-can.ts';
import { lineOf } from '../audit-entries.ts';

const now = Date.UTC(2026, 10, 21, 12);
const dayMs = 86_400_000;

type Verb = typeof diff;

const run = async (verb: Verb, args: readonly string[]) => {
  const printed: string[] = [];
  const complained: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const complain = (text: string): void => void complained.push(text);
  const ended = await verb(args, { print, complain, now: () => now, env: {} });
  return { ended, printed: printed.join(''), complained: complained.join('') };
};

type Tap = { testdir(): string };

/** A folder with the policies that come with the gateway, and members of its GitLab groups. */
const world = (t: Tap, change: (csv: string) => string = (csv) => csv) => {
  const folder = t.testdir();
  const path = (name: string): string => join(folder, name);
  cpSync('policies', path('p'), { recursive: true });
  const csv = join(path('p'), 'policy.csv');
  writeFileSync(csv, change(readFileSync(csv, 'utf8')));
  writeFileSync(path('members.yml'), 'ops/sre: [ana]\napp/dev: [bo]\n');
  return { after: path('p'), members: path('members.yml'), path };
};

const opsProd = 'slack:T0SANDBOX/C0OPSPROD';
const shopDev = 'slack:T0SANDBOX/C0SHOPDEV';

const asked: readonly (readonly [name: string, verb: Verb, args: readonly string[], said: RegExp])[] = [
  ['diff of one folder', diff, ['policies'], /^Name two folders/],
  ['diff of three', diff, ['a', 'b', 'c'], /^Name two folders/],
  ['a format there is not', diff, ['a', 'b', '--format', 'xml'], /^--format: one of text, markdown, json/],
  ['no number of days', diff, ['a', 'b', '--days', 'x'], /^--days: "x" is no number of days/],
  ['a gate that is none', diff, ['a', 'b', '--fail-on', 'win'], /^--fail-on: "win" must be gain or lose/],
  ['an audit that is not there', diff, ['policies', 'policies', '--replay', '/none'], /^--replay: ENOENT/],
  ['members that are not there', diff, ['policies', 'policies', '--members', '/none'], /^--members \/none: /],
  ['who-can without a line', whoCan, ['policies'], /^Give a whole command/],
  ['who-can with a mistake in it', whoCan, ['policies', 'lb wieght web 1'], /Did you mean/],
  ['who-can with an unknown flag', whoCan, ['policies', '--at', 'x', 'hello'], /^--at is unknown here/],
  ['what-can about nobody', whatCan, ['policies'], /^Say who it is about/],
  [
    'what-can about a role',
    whatCan,
    ['policies', '--as', 'role:sre'],
    /^--as: "role:sre" is neither an account/,
  ],
  ['what-can with a line', whatCan, ['policies', '--as', 'gitlab:bo', 'hello'], /^"hello" is too much/],
];
for (const [name, verb, args, said] of asked)
  t.test(`asked wrongly: ${name}`, async (t) => {
    const { ended, printed } = await run(verb, args);
    t.match(ended, said);
    t.equal(printed, '');
  });

t.test('a folder with mistakes is compared with nothing', async (t) => {
  const { after } = world(t, (csv) => `${csv}p, role:sre\n`);
  for (const args of [
    [after, 'policies'],
    ['policies', after],
  ])
    t.match(await run(diff, args), { ended: 1, printed: '', complained: /cannot be used:\n.*5 columns/ });
  t.match(await run(whoCan, [after, 'hello']), { ended: 1, complained: /cannot be used/ });
  t.match(await run(whatCan, [after, '--as', 'gitlab:bo']), { ended: 1, complained: /cannot be used/ });
});

const wider = (csv: string): string => csv.replace('weight <= 25', 'weight <= 30');

t.test('what people gain is told, and a gate ends it with 1', async (t) => {
  const { after, members } = world(t, wider);
  const plain = await run(diff, ['policies', after, '--members', members]);
  t.equal(plain.ended, 0);
  t.match(
    plain.printed,
    /^1 person gains something\.\n\+ 1 person gains lb weight in slack:T0SANDBOX\/C0SHOPDEV where weight >= 26 and weight <= 30 and env = staging: bo/,
  );
  const gated = await run(diff, ['policies', after, '--fail-on', 'lose', '--fail-on', 'gain:lb *']);
  t.equal(gated.ended, 1);
  t.match(gated.complained, /^Gate: gain:lb \*: everybody in GitLab group app\/dev gains lb weight in/);
  t.match(await run(diff, [after, 'policies', '--fail-on', 'gain']), { ended: 0, complained: '' });
});

t.test('markdown and data, also into a file', async (t) => {
  const { after, members, path } = world(t, wider);
  const args = ['policies', after, '--members', members, '--output', path('out')];
  t.match(await run(diff, [...args, '--format', 'markdown']), { ended: 0, printed: '' });
  t.match(readFileSync(path('out'), 'utf8'), /^- ➕ \*\*1 person gains `lb weight`/);
  await run(diff, [...args, '--format', 'json']);
  t.match(JSON.parse(readFileSync(path('out'), 'utf8')), {
    exact: true,
    changes: [{ command: 'lb weight' }],
    gates: [],
  });
});

t.test('what a command does differently is told, too', async (t) => {
  const { after } = world(t);
  const file = join(after, 'commands', 'lb-weight.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('ref: main', 'ref: other'));
  const { printed } = await run(diff, ['policies', after]);
  t.match(
    printed,
    /^nobody gains or loses anything\.\nWhat commands do differently:\n- .*pipeline.*ops\/ansible@other/,
  );
});

t.test('past decisions are replayed, those of the last days only', async (t) => {
  const { after, members, path } = world(t, (csv) => csv.replace('weight <= 25', 'weight <= 5'));
  const decision = {
    kind: 'decision',
    run: null,
    purpose: 'run',
    account: 'slack:T0SANDBOX/U0BO',
    person: 'bo',
    channel: shopDev,
    command: 'lb weight',
    input: { backend: 'web', weight: 10, env: 'staging' },
    line: 'lb weight web 10 --env=staging',
    allowed: true,
  };
  const lines = [
    lineOf(1, now - 31 * dayMs, decision),
    lineOf(2, now - dayMs, decision),
    'no line',
    '{"half',
  ];
  writeFileSync(path('audit'), lines.join('\n'));
  const args = ['policies', after, '--members', members, '--replay', path('audit')];
  const { printed } = await run(diff, args);
  t.match(
    printed,
    /Replay: 1 decisions of 30 days, 1 would be different now\n.* now denied: bo in slack:T0SANDBOX\/C0SHOPDEV: lb/,
  );
  t.match((await run(diff, [...args, '--days', '60'])).printed, /Replay: 2 decisions of 60 days, 2 would/);
});

t.test('who may run a line, a command, or nothing', async (t) => {
  const { members } = world(t);
  const ask = async (...args: readonly string[]) =>
    (await run(whoCan, ['policies', '--members', members, ...args])).printed;
  t.equal(
    await ask('--in', opsProd, 'lb', 'weight', 'web', '10'),
    `May run lb weight web 10 in ${opsProd}:\n  ana (slack:T0SANDBOX/U0ANA)\n`,
  );
  t.equal(
    await ask('--in', shopDev, '/chatops lb weight web 10 --env=staging'),
    `May run lb weight web 10 --env=staging in ${shopDev}:\n  bo (slack:T0SANDBOX/U0BO)\n`,
  );
  t.equal(await ask('--in', shopDev, 'lb weight web 26'), `Nobody may run lb weight web 26 in ${shopDev}.\n`);
  t.equal(
    await ask('lb weight'),
    `May run lb weight in ${opsProd} where weight <= 50 or (weight >= 51 and env = staging):
  ana (slack:T0SANDBOX/U0ANA)
May run lb weight in ${shopDev} where weight <= 25 and env = staging:
  bo (slack:T0SANDBOX/U0BO)
`,
  );
  t.equal(
    await ask('--in', shopDev, 'lb weight'),
    `May run lb weight in ${shopDev} where weight <= 25 and env = staging:\n  bo (slack:T0SANDBOX/U0BO)\n`,
  );
  t.equal(await ask('--in', 'slack:T1/CNEW', 'lb weight'), 'Nobody may run lb weight in slack:T1/CNEW.\n');
  const told = JSON.parse(await ask('--format', 'json', '--in', opsProd, 'lb weight web 10'));
  t.match(told, { line: 'lb weight web 10', channel: opsProd, people: [{ id: 'slack:T0SANDBOX/U0ANA' }] });
});

t.test('a channel of which nothing is said is one of the others', async (t) => {
  const { after } = world(
    t,
    (csv) => `${csv}p, slack:T1/U1, *, hello, *, allow\np, *, ${opsProd}, hello, *, deny\n`,
  );
  const ask = async (channel: string) => (await run(whoCan, [after, '--in', channel, 'hello'])).printed;
  t.equal(await ask('slack:T1/CNEW'), 'May run hello in slack:T1/CNEW:\n  slack:T1/U1\n');
  t.equal(await ask(opsProd), `Nobody may run hello in ${opsProd}.\n`);
  const rights = await run(whatCan, [after, '--as', 'slack:T1/U1', '--in', 'slack:T1/CNEW']);
  t.match(rights.printed, /\n {2}hello in slack:T1\/CNEW\n/);
});

t.test('what somebody may run, somewhere or anywhere', async (t) => {
  const { members } = world(t);
  const ask = async (...args: readonly string[]) =>
    (await run(whatCan, ['policies', '--members', members, ...args])).printed;
  t.equal(
    await ask('--as', 'gitlab:bo', '--in', shopDev),
    `gitlab:bo may run:
  flag get in ${shopDev}
  flag list in ${shopDev}
  flag set in ${shopDev} where env = staging
  lb weight in ${shopDev} where weight <= 25 and env = staging
`,
  );
  t.match(await ask('--as', 'slack:T0SANDBOX/U0ANA'), new RegExp(`  release in ${opsProd}\n`));
  t.equal(await ask('--as', 'slack:T0SANDBOX/U0GUS'), 'slack:T0SANDBOX/U0GUS may run nothing.\n');
  t.match(JSON.parse(await ask('--as', 'gitlab:bo', '--format', 'json')), { as: 'gitlab:bo', rights: [{}] });
});
