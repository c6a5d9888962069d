import fc from 'fast-check';
import t from 'tap';
import type { InputValue } from '../../../src/core/input.ts';
import { whatCan, whoCan } from '../../../src/policy/access/who.ts';
import { inForceAt } from '../../../src/policy/expiring.ts';
import { compileFiles, filesWith, links, today } from '../fixtures.ts';
import { allows, inputsOver, namesOf, takenIn } from './one-by-one.ts';
import { holdsIn, type Taken } from './said.ts';
import { compiled, side } from './small-policies.ts';

const known = ['slack:T1/U1', 'slack:T1/U2', 'slack:T1/U3', 'slack:T1/UX'];
const stranger = 'slack:T1/USTRANGER';
const channels = ['slack:T1/C1', 'slack:T1/C2', 'slack:T1/CX', 'slack:T1/CSTRANGE'];

t.test('who may run a line is who may when each is asked one by one', async (t) => {
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(side, (made) => {
      const one = compiled(made);
      for (const channel of channels)
        for (const command of ['move', 'other'])
          for (const input of inputsOver(namesOf(one, command))) {
            const found = whoCan(one.parts, { channel, command, input });
            for (const account of [...known, stranger]) {
              const named = one.parts.links.people.some(({ member }) => member === account);
              const spoken = one.parts.rules.some(({ who }) => who === account);
              const told = found.some(({ id, kind }) => (named || spoken ? id === account : kind === 'else'));
              const wanted = one.policy.decide({ caller: account, channel, command, input }).allowed;
              if (told !== wanted)
                throw new Error(JSON.stringify({ account, channel, command, input, found, made }));
              seen[wanted ? 'yes' : 'no']++;
            }
          }
    }),
    { numRuns: 40 },
  );
  t.ok(Math.min(seen.yes, seen.no) > 200, JSON.stringify(seen));
});

t.test('what somebody may run is what is allowed when everything is asked one by one', async (t) => {
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(side, fc.constantFrom(undefined, ...channels), (made, only) => {
      const one = compiled(made);
      for (const account of [...known, stranger, 'gitlab:ana'])
        for (const command of ['move', 'other']) {
          const rights = whatCan(one.parts, account, only).filter((right) => right.command === command);
          const takenOf = (name: string, value: InputValue | undefined): Taken => ({
            before: false,
            after: takenIn(one, one, command)(name, value).after,
          });
          const accounts =
            account !== 'gitlab:ana'
              ? [account]
              : one.policy.personOf('slack:T1/U1') === account
                ? ['slack:T1/U1']
                : [];
          for (const channel of only === undefined ? channels : [only])
            for (const input of inputsOver(namesOf(one, command))) {
              const wanted = accounts.some((each) => allows(one, each, channel, command, input));
              const told = rights.some(
                (right) =>
                  right.channels.some(({ id, kind }) =>
                    right.channels.some((each) => each.id === channel)
                      ? id === channel
                      : kind === 'else' && !isNamed(one.parts.rules, one.parts.links.channels, channel),
                  ) && holdsIn(right.boxes, input, takenOf),
              );
              const fits = one.parts.commands
                .find(({ name }) => name === command)
                ?.inputs.every(({ name }) => takenOf(name, input[name]).after);
              if (accounts.length > 0 && fits && told !== wanted)
                throw new Error(JSON.stringify({ account, channel, command, input, wanted, rights, made }));
              if (fits) seen[wanted ? 'yes' : 'no']++;
            }
        }
    }),
    { numRuns: 40 },
  );
  t.ok(Math.min(seen.yes, seen.no) > 200, JSON.stringify(seen));
});

const isNamed = (
  rules: readonly { readonly channel: string }[],
  sets: readonly { readonly member: string }[],
  channel: string,
): boolean => rules.some((rule) => rule.channel === channel) || sets.some(({ member }) => member === channel);

const partsOf = (csv: string) => {
  const made = compileFiles(filesWith(csv));
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return inForceAt(made.parts, today);
};

t.test('two accounts of one person are told apart, and a GitLab user may what any account may', async (t) => {
  const parts = partsOf(`p, slack:T1/U1, *, release, *, allow
p, slack:T1/U2, *, lb weight, weight <= 25, allow
g, slack:T1/U1, gitlab:ana
g, slack:T1/U2, gitlab:ana
`);
  const said = (caller: string) => whatCan(parts, caller).map(({ command, inputs }) => [command, inputs]);
  t.same(said('slack:T1/U1'), [['release', '']]);
  t.same(said('slack:T1/U2'), [['lb weight', 'weight <= 25']]);
  t.same(said('gitlab:ana'), [
    ['lb weight', 'weight <= 25'],
    ['release', ''],
  ]);
  t.same(said('gitlab:nobody'), []);
});

t.test('a group is listed only where nobody of it is there to be named', async (t) => {
  const ask = (csv: string) =>
    whoCan(partsOf(csv), {
      channel: 'slack:T1/C1',
      command: 'release',
      input: { version: 'v1', dry: false },
    }).map(({ kind, name }) => `${kind} ${name}`);
  const rule = 'p, role:sre, *, release, *, allow\n';
  t.same(ask(`${rule}${links}`), ['person ana']);
  t.same(ask(`${rule}p, gitlab:ana, *, release, *, deny\n${links}`), ['group ops/sre']);
  t.same(ask(`${rule}g, gitlab-group:ops/sre, role:sre\n`), ['group ops/sre']);
  t.same(ask(rule), ['role sre']);
  t.same(ask('p, *, *, release, *, allow\n'), ['else anybody else']);
});

t.test('what is asked of one channel is answered for that channel', async (t) => {
  const parts = partsOf(`p, slack:T1/U1, channels:ops, release, *, allow\ng2, slack:T1/COPS, channels:ops\n`);
  t.same(whatCan(parts, 'slack:T1/U1', 'slack:T1/CDEV'), []);
  const [right] = whatCan(parts, 'slack:T1/U1', 'slack:T1/COPS');
  t.match(right, { command: 'release', everywhere: false, channels: [{ id: 'slack:T1/COPS' }] });
});
