/**
 * How long one decision takes, with 100 rules and with 100,000, beside plain Casbin over the same rules.
 * `npx esbuild bench/decide.ts --bundle --platform=node --packages=external --format=esm | node --input-type=module -`
 */
import { readFileSync } from 'node:fs';
import { Enforcer, newModelFromString } from 'casbin';
import type { DecisionRequest } from '../src/core/decision.ts';
import { commandMatches } from '../src/policy/command-pattern.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { applies, compileCondition } from '../src/policy/condition/compile.ts';
import { readCondition } from '../src/policy/condition/parse.ts';
import { policyFilesOf } from '../src/policy/files.ts';
import type { Policy } from '../src/policy/policy.ts';

const commands = 100;
const roles = 50;
const sets = 20;
const users = 500;
const conditions = [
  '*',
  'weight <= 25',
  'env = staging',
  'env = staging and weight <= 50',
  '"env in (staging, test)"',
];

/** Numbers that look random and are the same in every run (mulberry32). */
const seeded = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const commandFile = (name: string): string => `name: ${name}
summary: for measuring
mode: wait
inputs:
  env: { type: string, options: [staging, test, production] }
  weight: { type: integer, min: 0, max: 100 }
pipeline: { project: ops/bench, ref: main }
`;

const commandName = (at: number): string => `team${at % 10} task${at}`;

/** So many different rules: a row that was drawn before is drawn again. */
const ruleRows = (rules: number): readonly string[] => {
  const random = seeded(rules);
  const rows = new Set<string>();
  while (rows.size < rules) {
    const command = random(100) === 0 ? `team${random(10)} *` : commandName(random(commands));
    const effect = random(20) === 0 ? 'deny' : 'allow';
    rows.add(
      `p, role:r${random(roles)}, channels:s${random(sets)}, ${command}, ${conditions[random(5)]}, ${effect}`,
    );
  }
  return [...rows];
};

const policyText = (rules: number): string => {
  const links = new Set<string>();
  for (let at = 0; at < Math.max(users, roles); at++)
    for (let each = 0; each < 3; each++) links.add(`g, slack:T1/U${at}, role:r${(at + each * 17) % roles}`);
  for (let at = 0; at < 200; at++) links.add(`g2, slack:T1/C${at}, channels:s${at % sets}`);
  return `${[...ruleRows(rules), ...links].join('\n')}\n`;
};

const model = readFileSync('policies/model.conf', 'utf8');

const filesFor = (csv: string): ReadonlyMap<string, Uint8Array> => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const names = Array.from({ length: commands }, (_, at) => commandName(at));
  const files = names.map(
    (name) => [`commands/${name.replace(' ', '-')}.yml`, bytes(commandFile(name))] as const,
  );
  return new Map([['model.conf', bytes(model)], ['policy.csv', bytes(csv)], ...files]);
};

const randomRequest = (random: (below: number) => number): DecisionRequest => ({
  caller: `slack:T1/U${random(users)}`,
  channel: `slack:T1/C${random(200)}`,
  command: commandName(random(commands)),
  input: { env: ['staging', 'test', 'production'][random(3)] ?? 'test', weight: random(101) },
});

/** Somebody whom some rule speaks of, where it speaks of, but with any command and input. */
const nearRule = (policy: Policy, random: (below: number) => number): DecisionRequest => {
  const rule = policy.rules[random(policy.rules.length)];
  const role = Number(rule?.who.slice('role:r'.length));
  const channel = Number(rule?.channel.slice('channels:s'.length));
  const named = rule?.command.endsWith('*') ? undefined : rule?.command;
  const any = randomRequest(random);
  return {
    ...any,
    caller: `slack:T1/U${role + roles * random(users / roles)}`,
    channel: `slack:T1/C${channel + sets * random(200 / sets)}`,
    command: named ?? any.command,
  };
};

/** Requests for which at least one rule applies, so that Casbin has something to decide. */
const decidedRequests = (policy: Policy, count: number): readonly DecisionRequest[] => {
  const random = seeded(7);
  const found: DecisionRequest[] = [];
  while (found.length < count) {
    const request = nearRule(policy, random);
    if (policy.decide(request).rule !== undefined) found.push(request);
  }
  return found;
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** Median microseconds of processor time of one call over seven blocks: other programs on the machine do not count. */
const microseconds = (
  requests: readonly DecisionRequest[],
  call: (request: DecisionRequest) => unknown,
): number => {
  for (const request of requests) call(request);
  const blocks = Array.from({ length: 7 }, () => {
    const begun = process.cpuUsage();
    for (const request of requests) call(request);
    return process.cpuUsage(begun).user / requests.length;
  });
  return median(blocks);
};

const plainCasbin = async (policy: Policy, csv: string) => {
  const enforcer = new Enforcer();
  enforcer.setModel(newModelFromString(model));
  await enforcer.addFunction('commandMatch', commandMatches);
  const asks = new Map(
    policy.rules.map(({ condition }) => {
      const read = readCondition(condition);
      if (!read.ok) throw new Error(read.problem);
      return [condition, compileCondition(read.condition)];
    }),
  );
  await enforcer.addFunction('holds', (input, text, effect) => applies(asks.get(text)?.(input), effect));
  const definitions = enforcer.getModel().model;
  const p = definitions.get('p')?.get('p');
  if (p !== undefined)
    p.policy = policy.rules.map((rule) => [
      rule.who,
      rule.channel,
      rule.command,
      rule.condition,
      rule.effect,
    ]);
  for (const [, kind = '', member = '', group = ''] of csv.matchAll(/^(g2?), (\S+), (\S+)$/gm))
    await definitions.get('g')?.get(kind)?.rm.addLink(member, group);
  return (request: DecisionRequest): boolean =>
    enforcer.enforceSync(request.caller, request.channel, request.command, request.input);
};

const measure = async (rules: number, plainCalls: number) => {
  const csv = policyText(rules);
  const read = policyFilesOf(filesFor(csv));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  const begun = performance.now();
  const compiled = compilePolicy({
    files: read.files,
    memberships: [],
    reserved: [],
    uses: [],
    now: Date.now,
  });
  const compileMs = performance.now() - begun;
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.mistakes.slice(0, 3)));
  const { policy } = compiled;
  const random = seeded(3);
  const anyUs = microseconds(
    Array.from({ length: 20_000 }, () => randomRequest(random)),
    policy.decide,
  );
  const requests = decidedRequests(policy, 20_000);
  const ruledUs = microseconds(requests, policy.decide);
  const plain = await plainCasbin(policy, csv);
  const some = requests.slice(0, plainCalls);
  const agree = some.every((request) => plain(request) === policy.decide(request).allowed);
  return { rules: policy.rules.length, compileMs, anyUs, ruledUs, plainUs: microseconds(some, plain), agree };
};

const columns = [
  'rules',
  'compile ms',
  'any request us',
  'a rule applies us',
  'ratio to first',
  'plain Casbin us',
  'agree',
];

const rows = [
  await measure(100, 200),
  await measure(1000, 50),
  await measure(10_000, 10),
  await measure(100_000, 3),
];
const first = rows[0]?.ruledUs ?? Number.NaN;
console.log(columns.join('  '));
for (const row of rows) {
  const cells = [
    String(row.rules),
    row.compileMs.toFixed(0),
    row.anyUs.toFixed(1),
    row.ruledUs.toFixed(1),
    (row.ruledUs / first).toFixed(2),
    row.plainUs.toFixed(0),
    row.agree ? 'yes' : 'NO',
  ];
  console.log(cells.map((cell, at) => cell.padStart(columns[at]?.length ?? 0)).join('  '));
}
