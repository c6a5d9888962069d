import fc from 'fast-check';
import t from 'tap';
import type { Input, InputValue } from '../../../src/core/input.ts';
import { readInput } from '../../../src/core/read-input.ts';
import { tokenize } from '../../../src/core/tokens.ts';
import type { Subject } from '../../../src/policy/access/classes.ts';
import { type Change, diffAccess } from '../../../src/policy/access/diff.ts';
import { bruteForce, namesOf, takenIn } from './one-by-one.ts';
import { holdsIn, type Taken } from './said.ts';
import { type Compiled, compiled, pair } from './small-policies.ts';

/** Every person, channel, command and input there can be, asked one by one of Casbin through both policies. */
const accounts = ['slack:T1/U1', 'slack:T1/U2', 'slack:T1/U3', 'slack:T1/USTRANGER'];
const strange = 'slack:T1/CSTRANGE';
const channels = ['slack:T1/C1', 'slack:T1/C2', strange];
type TakenOf = (name: string, value: InputValue | undefined) => Taken;

const isAbout = (
  change: Change,
  isThem: (subject: Subject) => boolean,
  channel: string,
  input: Input,
  takenOf: TakenOf,
): boolean =>
  change.people.some(isThem) &&
  change.channels.some(({ kind, id }) => (kind === 'else' ? channel === strange : id === channel)) &&
  holdsIn(change.boxes, input, takenOf);

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

const speaksOfGroup = ({ parts }: Compiled): boolean =>
  [
    ...parts.links.people.flatMap(({ member, group }) => [member, group]),
    ...parts.rules.map(({ who }) => who),
  ].includes('gitlab-group:g1');

const directionsOf = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ direction }) => direction);

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
              const isThem = ({ kind, name }: Subject): boolean =>
                kind === 'else' ? names.length === 0 : kind === 'person' && names.includes(name);
              const there = isKnown(channel, one, other) ? channel : strange;
              const told = diff.changes.filter(
                (change) =>
                  change.command === command &&
                  isAbout(change, isThem, there, input, takenIn(one, other, command)),
              );
              const wanted = was === is ? [] : [is ? 'gain' : 'lose'];
              if (JSON.stringify(directionsOf(told)) !== JSON.stringify(wanted))
                throw new Error(
                  JSON.stringify({ account, channel, command, input, was, is, told, first, second }),
                );
              seen[was === is ? 'same' : is ? 'gains' : 'losses']++;
            }
      return diff.exact;
    }),
    { numRuns: 50 },
  );
  t.ok(Math.min(seen.gains, seen.losses) > 5, JSON.stringify(seen));
});

t.test('whoever else is in a GitLab group is told of with it, or by a member who has the same', async (t) => {
  const seen = { gains: 0, losses: 0, same: 0 };
  const further = ['g, slack:T1/UNEW, gitlab:newbie'];
  const membership = [['gitlab:newbie', 'gitlab-group:g1']] as const;
  fc.assert(
    fc.property(pair, ([first, second]) => {
      const [one, other] = [compiled(first), compiled(second)];
      if (![one, other].some(speaksOfGroup)) return;
      const [oneMore, otherMore] = [
        compiled(first, further, membership),
        compiled(second, further, membership),
      ];
      const { changes } = diffAccess(one.parts, other.parts);
      for (const channel of channels)
        for (const { input, was, is } of bruteForce(oneMore, otherMore, 'slack:T1/UNEW', channel, 'move')) {
          const there = isKnown(channel, one, other) ? channel : strange;
          const about = (isThem: (subject: Subject) => boolean) =>
            changes.filter(
              (change) =>
                change.command === 'move' &&
                isAbout(change, isThem, there, input, takenIn(one, other, 'move')),
            );
          const wanted = was === is ? [] : [is ? 'gain' : 'lose'];
          const members = (is ? other : one).parts.people.members('gitlab-group:g1');
          const explicit = directionsOf(about(({ kind }) => kind === 'group'));
          const byMember = directionsOf(about(({ id }) => members.includes(id)));
          const right =
            wanted.length === 0
              ? explicit.length === 0
              : explicit.join() === wanted.join() || byMember.includes(wanted[0] ?? '');
          if (!right) throw new Error(JSON.stringify({ channel, input, was, is, changes, first, second }));
          seen[was === is ? 'same' : is ? 'gains' : 'losses']++;
        }
    }),
    { numRuns: 100 },
  );
  t.ok(seen.gains + seen.losses > 20, JSON.stringify(seen));
});

/** How a line is read by one side; undefined when it is not. */
const readBy = ({ parts }: Compiled, command: string, line: string): Input | undefined => {
  const declared = parts.commands.find(({ name }) => name === command);
  const split = tokenize(line);
  if (declared === undefined || !split.ok) return undefined;
  const read = readInput(declared, line, split.tokens.slice(command.split(' ').length));
  return read.ok ? read.input : undefined;
};

/** Whether both are the same as far as both sides declare inputs. */
const isSame = (one: Input, other: Input, sides: readonly [Compiled, Compiled], command: string): boolean => {
  const [names, others] = sides.map((side) => namesOf(side, command));
  return (names ?? []).every((name) => !others?.includes(name) || one[name] === other[name]);
};

t.test('every change is shown with a line that makes the difference', async (t) => {
  const seen = { lines: 0, denied: 0 };
  fc.assert(
    fc.property(pair, ([first, second]) => {
      const sides = [compiled(first), compiled(second)] as const;
      for (const { direction, witness, command } of diffAccess(sides[0].parts, sides[1].parts).changes) {
        const [wide, narrow] = direction === 'gain' ? [sides[1], sides[0]] : sides;
        const line = witness.line ?? '';
        const input = readBy(wide, command, line);
        if (input === undefined) throw new Error(`${line}: not read`);
        seen.lines++;
        if (!['person', 'else'].includes(witness.as.kind) || witness.as.id.startsWith('gitlab:')) continue;
        const caller = witness.as.id === '' ? 'slack:T1/USTRANGER' : witness.as.id;
        const channel = witness.in.id.startsWith('slack:') ? witness.in.id : strange;
        const asked = { caller, channel, command };
        if (!wide.policy.decide({ ...asked, input }).allowed)
          throw new Error(JSON.stringify({ witness, first, second }));
        const other = readBy(narrow, command, line);
        if (other === undefined || !isSame(input, other, sides, command)) continue;
        seen.denied++;
        if (narrow.policy.decide({ ...asked, input: other }).allowed)
          throw new Error(JSON.stringify({ witness, first, second }));
      }
    }),
    { numRuns: 60 },
  );
  t.ok(Math.min(seen.lines, seen.denied) > 5, JSON.stringify(seen));
});
