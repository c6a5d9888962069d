import { Enforcer, newModelFromString } from 'casbin';
import fc from 'fast-check';
import t from 'tap';
import type { DecisionRequest } from '../../src/core/decision.ts';
import type { InputValue } from '../../src/core/input.ts';
import { model, policyWith, today } from './fixtures.ts';

/**
 * Casbin as it comes: its own role managers, every rule of the policy, no index, and a command match and conditions
 * written here a second time, from their description.
 */
type Row = readonly [who: string, channel: string, command: string, condition: string, effect: string];
type Pair = readonly [member: string, group: string];

/** A row, and what stands behind its columns. */
interface Annotated<Columns> {
  readonly columns: Columns;
  readonly behind: readonly string[];
}
interface RandomPolicy {
  readonly rules: readonly Annotated<Row>[];
  readonly people: readonly Annotated<Pair>[];
  readonly sets: readonly Annotated<Pair>[];
}

const day = (from: number): string => new Date(today + from * 86_400_000).toISOString().slice(0, 10);

/** Days before today are over; today itself, and later ones, are not. */
const over = [-1, -300].map(day);
const notOver = [0, 1, 300].map(day);

/** The rows that have not expired, said a second time. */
const standing = <Columns>(rows: readonly Annotated<Columns>[]): readonly Columns[] =>
  rows
    .filter(({ behind }) => !over.some((ended) => behind.includes(`expires=${ended}`)))
    .map(({ columns }) => columns);

type Answer = boolean | undefined;

const unless = (value: InputValue | undefined, test: (given: InputValue) => boolean): Answer =>
  value === undefined ? undefined : test(value);
const not = (answer: Answer): Answer => (answer === undefined ? undefined : !answer);
const both = (a: Answer, b: Answer): Answer =>
  a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;

const meaning: Readonly<Record<string, (input: Readonly<Record<string, InputValue>>) => Answer>> = {
  '*': () => true,
  'env = staging': ({ env }) => unless(env, (given) => given === 'staging'),
  'weight <= 25': ({ weight }) => unless(weight, (given) => Number(given) <= 25),
  'not weight > 50': ({ weight }) => not(unless(weight, (given) => Number(given) > 50)),
  'env = production and weight > 50': ({ env, weight }) =>
    both(
      unless(env, (given) => given === 'production'),
      unless(weight, (given) => Number(given) > 50),
    ),
  'note != secret or weight = 0': ({ note, weight }) =>
    not(
      both(
        unless(note, (given) => given === 'secret'),
        unless(weight, (given) => given !== 0),
      ),
    ),
};

const plainly = async ({ rules, people, sets }: RandomPolicy) => {
  const enforcer = new Enforcer();
  enforcer.setModel(newModelFromString(model));
  await enforcer.addFunction('commandMatch', (name: string, pattern: string) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
  await enforcer.addFunction('holds', (input, text, effect) => {
    const answer = meaning[text]?.(input);
    return effect === 'allow' ? answer === true : answer !== false;
  });
  const definitions = enforcer.getModel().model;
  for (const [kind, links] of [
    ['g', standing(people)],
    ['g2', standing(sets)],
  ] as const)
    for (const [member, group] of links) await definitions.get('g')?.get(kind)?.rm.addLink(member, group);
  const p = definitions.get('p')?.get('p');
  if (p !== undefined) p.policy = standing(rules).map((rule) => [...rule]);
  return (request: DecisionRequest) =>
    enforcer.enforceExSync(request.caller, request.channel, request.command, request.input);
};

const numbers = [0, 1, 2, 3];
const accounts = numbers.map((at) => `slack:T1/U${at}`);
const gitlabUsers = numbers.map((at) => `gitlab:u${at}`);
const groups = numbers.map((at) => `gitlab-group:g${at}`);
const roles = numbers.map((at) => `role:r${at}`);
const channels = numbers.map((at) => `slack:T1/C${at}`);
const sets = numbers.map((at) => `channels:s${at}`);

/** Layers below one another cannot form cycles; each account is one person; every role and set has a member. */
const upwards = (layer: readonly string[]) =>
  fc
    .tuple(fc.nat(layer.length - 2), fc.nat(layer.length - 2))
    .map(
      ([from, further]) =>
        [layer[from], layer[Math.min(from + 1 + further, layer.length - 1)]] as [string, string],
    );
const between = (from: readonly string[], to: readonly string[]) =>
  fc.tuple(fc.constantFrom(...from), fc.constantFrom(...to));

const someLinks = (...one: fc.Arbitrary<[string, string]>[]) => fc.array(fc.oneof(...one), { maxLength: 12 });
const people = fc.tuple(
  fc.subarray(accounts.map((account, at) => [account, gitlabUsers[at] ?? ''] as [string, string])),
  someLinks(
    between(gitlabUsers, groups),
    between(groups, roles),
    between(accounts, roles),
    between(gitlabUsers, roles),
    upwards(roles),
    upwards(groups),
  ),
  fc.constant(roles.map((role) => ['slack:T1/UOTHER', role] as [string, string])),
);
const channelSets = fc.tuple(
  someLinks(between(channels, sets), upwards(sets)),
  fc.constant(sets.map((set) => ['slack:T1/COTHER', set] as [string, string])),
);
const rule: fc.Arbitrary<Row> = fc
  .tuple(
    fc.constantFrom('*', ...accounts, ...gitlabUsers, ...groups, ...roles, ...roles),
    fc.constantFrom('*', '*', ...channels, ...sets),
    fc.constantFrom('*', 'lb *', 'lb weight', 'release'),
    fc.constantFrom(...Object.keys(meaning)),
    fc.constantFrom('allow', 'allow', 'allow', 'deny'),
  )
  .map(
    ([who, channel, command, condition, effect]): Row => [
      who,
      channel,
      command,
      ['*', 'release'].includes(command) ? '*' : condition,
      effect,
    ],
  );
const expires = fc.oneof(
  { weight: 5, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.constantFrom(...over, ...notOver).map((end) => [`expires=${end}`]) },
);
const reason = fc.constantFrom<string[]>([], [], ['reason=on call']);
const behind = fc.tuple(reason, expires).map((lists) => lists.flat());
const annotated = <Columns>(rows: readonly Columns[]): fc.Arbitrary<readonly Annotated<Columns>[]> =>
  fc.tuple(...rows.map((columns) => behind.map((more) => ({ columns, behind: more }))));

const policy: fc.Arbitrary<RandomPolicy> = fc.record({
  rules: fc.array(rule, { minLength: 8, maxLength: 30 }).chain((rows) => annotated(rows)),
  people: people.chain((lists) => annotated<Pair>(lists.flat())),
  sets: channelSets.chain((lists) => annotated<Pair>(lists.flat())),
});
const request: fc.Arbitrary<DecisionRequest> = fc.record({
  caller: fc.constantFrom(...accounts, 'slack:T1/USTRANGER'),
  channel: fc.constantFrom(...channels, 'slack:T1/CSTRANGE'),
  command: fc.constantFrom('lb weight', 'lb weight', 'release', 'lb', 'unknown'),
  input: fc.record(
    {
      env: fc.constantFrom('staging', 'production'),
      weight: fc.constantFrom(0, 25, 26, 50, 51),
      note: fc.constantFrom('secret', 'open'),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
});

const rowText = ({ columns, behind: more }: Annotated<Row | Pair>): string =>
  [...columns, ...more].join(', ');

const asCsv = ({ rules, people: g, sets: g2 }: RandomPolicy): string =>
  [
    ...rules.map((row) => `p, ${rowText(row)}`),
    ...g.map((row) => `g, ${rowText(row)}`),
    ...g2.map((row) => `g2, ${rowText(row)}`),
  ].join('\n');

t.test(
  'for random policies and requests the decision is the one of plain Casbin over the whole policy',
  async (t) => {
    const seen = { allowed: 0, deniedByRule: 0, deniedByDefault: 0 };
    await fc.assert(
      fc.asyncProperty(
        policy,
        fc.array(request, { minLength: 10, maxLength: 20 }),
        async (random, requests) => {
          const ours = policyWith(asCsv(random));
          const plain = await plainly(random);
          for (const one of requests) {
            const [allowed, row] = plain(one);
            const decision = ours.decide(one);
            const { rule } = decision;
            const named =
              rule === undefined ? [] : [rule.who, rule.channel, rule.command, rule.condition, rule.effect];
            if (decision.allowed !== allowed || named.join() !== row.join()) return false;
            if (allowed) seen.allowed++;
            else if (rule !== undefined) seen.deniedByRule++;
            else seen.deniedByDefault++;
          }
          return true;
        },
      ),
      { numRuns: 300 },
    );
    t.ok(Math.min(...Object.values(seen)) > 30, JSON.stringify(seen));
  },
);

t.test('what is missing, once provided, is allowed', async (t) => {
  let tried = 0;
  fc.assert(
    fc.property(policy, request, (random, one) => {
      const ours = policyWith(
        asCsv({
          ...random,
          rules: random.rules
            .filter(({ columns }) => columns[4] === 'allow')
            .concat([{ columns: ['role:r0', '*', 'release', '*', 'allow'], behind: [] }]),
        }),
      );
      const decision = ours.decide(one);
      if (decision.allowed) return true;
      tried += decision.near.length;
      return decision.near.every(({ missing, rule }) => missing.length > 0 && rule.effect === 'allow');
    }),
  );
  t.ok(tried > 10, `${tried} near misses`);
});
