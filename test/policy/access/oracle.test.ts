import fc from 'fast-check';
import t from 'tap';
import type { Input, InputValue } from '../../../src/core/input.ts';
import { readInput } from '../../../src/core/read-input.ts';
import { tokenize } from '../../../src/core/tokens.ts';
import { type Change, diffAccess } from '../../../src/policy/access/diff.ts';
import { type Region, takes } from '../../../src/policy/access/region.ts';
import { inForceAt } from '../../../src/policy/expiring.ts';
import type { Policy, PolicyParts } from '../../../src/policy/policy.ts';
import { compileFiles, filesWith, today } from '../fixtures.ts';

/** Every person, channel, command and input there can be, asked one by one of Casbin through both policies. */
const accounts = ['slack:T1/U1', 'slack:T1/U2', 'slack:T1/U3', 'slack:T1/USTRANGER'];
const channels = ['slack:T1/C1', 'slack:T1/C2', 'slack:T1/CSTRANGE'];
const space: Readonly<Record<string, readonly (InputValue | undefined)[]>> = {
  weight: [0, 1, 2, 3, 4, 5, 6, 7],
  env: ['s', 'p', 't'],
  note: [undefined, 'a', 'b', 'zzz'],
  dry: [undefined, true, false],
};

const declarations = [
  'weight: { type: integer, min: 0, max: 6 }\n  env: { type: string, options: [s, p] }\n  note: { type: string, required: false }',
  'weight: { type: integer, min: 1, max: 7 }\n  env: { type: string, options: [s, p, t] }\n  note: { type: string, required: false }',
  'weight: { type: integer, options: [1, 3, 5] }\n  env: { type: string, options: [p, s] }\n  note: { type: string, default: a }',
  'weight: { type: integer, min: 0 }\n  env: { type: string, options: [p, s] }\n  dry: { type: boolean, required: false }',
];

const commandFile = (declaration: string): string =>
  `name: move\nsummary: s\nmode: wait\ninputs:\n  ${declaration}\npipeline: { project: a/b, ref: main }\n`;

const conditions = [
  '*',
  'weight <= 3',
  'not weight > 3',
  'weight >= 2.5 and weight < 5',
  'env = s',
  'env != s or weight = 1',
  'weight != 3',
  'env = p and weight > 4',
  '"env in (s, p) and not weight = 3"',
];
const onNote = ['note = a', 'not note = a', 'note != b or weight = 5'];

interface Side {
  readonly declaration: number;
  readonly rows: readonly string[];
}

const rule = fc
  .tuple(
    fc.constantFrom('*', 'role:r1', 'role:r2', 'slack:T1/U1', 'gitlab:ana', 'gitlab-group:g1'),
    fc.constantFrom('*', 'channels:s1', 'slack:T1/C2'),
    fc.constantFrom('*', 'move', 'other', 'other'),
    fc.nat(),
    fc.constantFrom('allow', 'allow', 'deny'),
    fc.constantFrom('', '', '', ', expires=2026-11-20', ', expires=2027-01-01'),
  )
  .map(([who, channel, command, at, effect, end]) => ({ who, channel, command, at, effect, end }));

const link = fc.constantFrom(
  'g, slack:T1/U1, gitlab:ana',
  'g, slack:T1/U2, role:r1',
  'g, slack:T1/U3, role:r2',
  'g, role:r1, role:r2',
  'g, gitlab:ana, gitlab-group:g1',
  'g, gitlab-group:g1, role:r1, expires=2026-11-20',
  'g2, slack:T1/C1, channels:s1',
  'g2, slack:T1/C2, channels:s1',
);

const always = ['g, slack:T1/UX, role:r1', 'g, slack:T1/UX, role:r2', 'g2, slack:T1/CX, channels:s1'];

const side: fc.Arbitrary<Side> = fc
  .tuple(
    fc.nat(declarations.length - 1),
    fc.array(rule, { minLength: 1, maxLength: 6 }),
    fc.uniqueArray(link, { maxLength: 6 }),
  )
  .map(([declaration, rules, links]) => {
    const known = declaration === 3 ? conditions : [...conditions, ...onNote];
    const rows = rules.map(({ who, channel, command, at, effect, end }) => {
      const condition = command === 'move' ? known[at % known.length] : '*';
      return `p, ${who}, ${channel}, ${command}, ${condition}, ${effect}${end}`;
    });
    return { declaration, rows: [...rows, ...links, ...always] };
  });

/** The other side, or the same with one row more, fewer or changed: what reviews see most. */
const pair = fc.oneof(
  fc.tuple(side, side),
  fc.tuple(side, side, fc.nat()).map(([one, other, at]): [Side, Side] => {
    const rows = one.rows.filter((_, index) => index !== at % one.rows.length);
    return [
      one,
      {
        declaration: one.declaration,
        rows: [...new Set([...rows, ...always, ...other.rows.slice(0, 1).filter(fits)])],
      },
    ];
  }),
);
const fits = (row: string): boolean => !row.includes('note');

interface Compiled {
  readonly policy: Policy;
  readonly parts: PolicyParts;
}

const compiled = ({ declaration, rows }: Side): Compiled => {
  const files = filesWith(rows.join('\n'), {
    'commands/move.yml': commandFile(declarations[declaration] ?? ''),
    'commands/other.yml': 'name: other\nsummary: s\nmode: wait\npipeline: { project: a/b, ref: main }\n',
  });
  const made = compileFiles(files);
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return { policy: made.policy, parts: inForceAt(made.parts, today) };
};

const inputsOver = (names: readonly string[]): readonly Input[] =>
  names.reduce<readonly Input[]>(
    (inputs, name) =>
      inputs.flatMap((input) =>
        (space[name] ?? []).map((value) => (value === undefined ? input : { ...input, [name]: value })),
      ),
    [{}],
  );

const namesOf = ({ parts }: Compiled, command: string): readonly string[] =>
  parts.commands.find(({ name }) => name === command)?.inputs.map(({ name }) => name) ?? [];

const allows = (
  { policy, parts }: Compiled,
  caller: string,
  channel: string,
  command: string,
  input: Input,
) => {
  const declared = parts.commands.find(({ name }) => name === command);
  if (declared === undefined) return false;
  const fit = declared.inputs.every((spec) => takes(spec, input[spec.name]));
  return fit && policy.decide({ caller, channel, command, input }).allowed;
};

const agrees = (input: Input, other: Input, names: readonly string[]): boolean =>
  names.every((name) => input[name] === other[name]);

/** Each input over what both declare, with whether some setting of the rest is allowed. */
const bruteForce = (one: Compiled, other: Compiled, caller: string, channel: string, command: string) => {
  const own = [namesOf(one, command), namesOf(other, command)] as const;
  const shared = own[0].filter((name) => own[1].includes(name));
  const openTo = (which: Compiled, names: readonly string[]) =>
    inputsOver(names).filter((input) => allows(which, caller, channel, command, input));
  const [was, is] = [openTo(one, own[0]), openTo(other, own[1])];
  const possible = (name: string, value: InputValue | undefined): boolean =>
    [one, other].some(({ parts }) => {
      const declared = parts.commands.find((found) => found.name === command);
      return takes(
        declared?.inputs.find((spec) => spec.name === name),
        value,
      );
    });
  const inputs = inputsOver(shared).filter((input) => shared.every((name) => possible(name, input[name])));
  return inputs.map((input) => ({
    input,
    was: was.some((open) => agrees(open, input, shared)),
    is: is.some((open) => agrees(open, input, shared)),
  }));
};

const holds = (region: Region, value: InputValue | undefined): boolean => {
  if (region.kind === 'absent') return value === undefined;
  if (region.kind === 'one') return value === region.value;
  if (region.kind === 'other') return typeof value === 'string' && !region.not.includes(value);
  const { from, to } = region;
  return (
    typeof value === 'number' &&
    (from === undefined || (from.open ? value > from.at : value >= from.at)) &&
    (to === undefined || (to.open ? value < to.at : value <= to.at))
  );
};

const speaksOf = (change: Change, names: readonly string[], channel: string, command: string, input: Input) =>
  change.command === command &&
  change.people.some(({ kind, name }) => (kind === 'else' ? names.length === 0 : names.includes(name))) &&
  change.channels.some(({ kind, id }) =>
    kind === 'else' ? channel === 'slack:T1/CSTRANGE' : id === channel,
  ) &&
  change.boxes.some((box) =>
    Object.entries(box).every(([name, regions]) => regions.some((one) => holds(one, input[name]))),
  );

/** How the comparison calls an account; nobody for a stranger. U1 is ana as soon as one side says so. */
const namesFor = (account: string, one: Compiled, other: Compiled): readonly string[] => {
  const person = other.policy.personOf(account) ?? one.policy.personOf(account);
  const known = [one, other].some(({ parts }) =>
    [...parts.links.people.map(({ member }) => member), ...parts.rules.map(({ who }) => who)].includes(
      account,
    ),
  );
  return known ? [person?.replace('gitlab:', '') ?? account] : [];
};

const isKnown = (channel: string, one: Compiled, other: Compiled): boolean =>
  [one, other].some(({ parts }) =>
    [
      ...parts.links.channels.map(({ member }) => member),
      ...parts.rules.map((rule) => rule.channel),
    ].includes(channel),
  );

t.test('what people gain and lose is what asking about everything one by one shows', async (t) => {
  const seen = { gains: 0, losses: 0, same: 0 };
  fc.assert(
    fc.property(pair, ([first, second]) => {
      const [one, other] = [compiled(first), compiled(second)];
      const diff = diffAccess(one.parts, other.parts);
      for (const account of accounts)
        for (const channel of channels)
          for (const command of ['move', 'other'])
            for (const { input, was, is } of bruteForce(one, other, account, channel, command)) {
              const names = namesFor(account, one, other);
              const known =
                channel === 'slack:T1/CSTRANGE' || isKnown(channel, one, other)
                  ? channel
                  : 'slack:T1/CSTRANGE';
              const told = diff.changes.filter((change) => speaksOf(change, names, known, command, input));
              const directions = told.map(({ direction }) => direction);
              const wanted = was === is ? [] : [is ? 'gain' : 'lose'];
              if (JSON.stringify(directions) !== JSON.stringify(wanted))
                throw new Error(
                  JSON.stringify({ account, channel, command, input, was, is, directions, first, second }),
                );
              seen[was === is ? 'same' : is ? 'gains' : 'losses']++;
            }
      return diff.exact;
    }),
    { numRuns: 60 },
  );
  t.ok(Math.min(seen.gains, seen.losses) > 100, JSON.stringify(seen));
});

t.test(
  'every change is shown with a line that is read as its example and makes the difference',
  async (t) => {
    let lines = 0;
    fc.assert(
      fc.property(pair, ([first, second]) => {
        const [one, other] = [compiled(first), compiled(second)];
        for (const { direction, witness, command } of diffAccess(one.parts, other.parts).changes) {
          const wide = direction === 'gain' ? other : one;
          const declared = wide.parts.commands.find(({ name }) => name === command);
          const split = tokenize(witness.line ?? '');
          if (declared === undefined || !split.ok) return false;
          const read = readInput(declared, witness.line ?? '', split.tokens.slice(command.split(' ').length));
          if (!read.ok) throw new Error(`${witness.line}: ${read.problem.message}`);
          const caller = witness.as.id.startsWith('slack:') ? witness.as.id : 'slack:T1/USTRANGER';
          const channel = witness.in.id.startsWith('slack:') ? witness.in.id : 'slack:T1/CSTRANGE';
          if (['person', 'else'].includes(witness.as.kind) && !witness.as.id.startsWith('gitlab:'))
            if (!wide.policy.decide({ caller, channel, command, input: read.input }).allowed)
              throw new Error(JSON.stringify({ witness, first, second }));
          lines++;
        }
        return true;
      }),
      { numRuns: 100 },
    );
    t.ok(lines > 100, `${lines} lines`);
  },
);
