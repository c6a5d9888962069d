import t from 'tap';
import { diffAccess } from '../../../src/policy/access/diff.ts';
import { diffFrom } from '../../../src/policy/access/later.ts';
import { diffAsText } from '../../../src/policy/access/report.ts';
import { compileFiles, filesWith, today } from '../fixtures.ts';

const partsOf = (csv: string, more: Readonly<Record<string, string>> = {}) => {
  const made = compileFiles(filesWith(csv, more));
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return made.parts;
};

const commandWith = (inputs: readonly string[], rest = ''): Readonly<Record<string, string>> => ({
  'commands/move.yml': `name: move\nsummary: s\nmode: wait\n${inputs.length === 0 ? '' : `inputs:\n${inputs.map((one) => `  ${one}\n`).join('')}`}pipeline: { project: a/b, ref: main }\n${rest}`,
});

const numbers = Array.from({ length: 8 }, (_, at) => `n${at}: { type: integer, required: false }`);

t.test('more combinations than can be tried: it says for which command', async (t) => {
  const all = numbers.map((_, at) => `(n${at} = 1 or n${at} = 5 or n${at} > 9)`).join(' and ');
  const diff = diffAccess(
    partsOf('p, *, *, move, *, allow', commandWith(numbers)),
    partsOf(`p, *, *, move, ${all}, allow`, commandWith(numbers)),
  );
  t.equal(diff.exact, false);
  t.same(diff.unsure, ['move']);
  t.match(diffAsText({ diff }), /\nSampled for move: /);
});

t.test('many inputs that only one side declares are not tried without end', async (t) => {
  const more = numbers.map((line) => line.replace(/n(\d)/, 'm$1'));
  const all = numbers.map((_, at) => `(m${at} = 1 or m${at} = 5 or m${at} > 9)`).join(' and ');
  const diff = diffAccess(
    partsOf('p, *, *, move, *, deny', commandWith(numbers)),
    partsOf(`p, *, *, move, ${all}, allow`, commandWith(more)),
  );
  t.same(diff.unsure, ['move']);
});

t.test('many options are few kinds: all are compared', async (t) => {
  const options = Array.from({ length: 60 }, (_, at) => `o${at}`).join(', ');
  const inputs = ['a', 'b', 'c'].map((name) => `${name}: { type: string, options: [${options}] }`);
  const diff = diffAccess(
    partsOf('p, *, *, move, a = o1 and b = o2, allow', commandWith(inputs)),
    partsOf('p, *, *, move, a = o1 and b = o2 and c != o3, allow', commandWith(inputs)),
  );
  t.equal(diff.exact, true);
  t.same(
    diff.changes.map(({ direction, inputs }) => [direction, inputs]),
    [['lose', 'a = o1 and b = o2 and c = o3']],
  );
});

const pattern = 'p, *, *, move, tag matches re:v[0-9]+, allow\n';
const tag = commandWith(['tag: { type: string }']);

t.test('a pattern that nobody changes leaves the comparison exact', async (t) => {
  const same = `${pattern}p, *, *, move, tag matches re:[a-f0-9]{40}, allow\n`;
  const diff = diffAccess(partsOf(same, tag), partsOf(`${same}p, slack:T1/U1, *, release, *, allow\n`, tag));
  t.equal(diff.exact, true);
  t.same(
    diff.changes.map(({ command }) => command),
    ['release'],
  );
});

t.test('patterns are told as such, also where they overlap in texts that nobody found', async (t) => {
  const diff = diffAccess(
    partsOf(pattern, tag),
    partsOf(`${pattern}p, *, *, move, tag matches re:.*9+x?, allow\n`, tag),
  );
  t.equal(diff.exact, true);
  t.same(
    diff.changes.map(({ inputs }) => inputs),
    ['not tag matches re:"v[0-9]+" and tag matches re:".*9+x?"'],
  );
});

t.test('whether two patterns ever differ is not always known', async (t) => {
  const diff = diffAccess(
    partsOf('p, *, *, move, tag matches re:(a|b|c|d)*, allow', tag),
    partsOf('p, *, *, move, tag matches re:[a-d]*, allow', tag),
  );
  t.same({ changes: diff.changes, unsure: diff.unsure }, { changes: [], unsure: ['move'] });
});

t.test('texts that were too long before are told as such, without those that are still denied', async (t) => {
  const diff = diffAccess(
    partsOf('p, *, *, move, *, allow', commandWith(['tag: { type: string, maxLength: 3 }'])),
    partsOf('p, *, *, move, *, allow\np, *, *, move, tag = main, deny', tag),
  );
  t.same(
    diff.changes.map(({ inputs }) => inputs),
    ['tag that was not taken before and tag != main'],
  );
});

t.test('the same inputs are told together, however rules for others cut them', async (t) => {
  const links = 'g, slack:T1/U1, role:a\ng, slack:T1/U2, role:a\ng, slack:T1/U2, role:b\n';
  const deny = 'p, role:b, *, lb weight, weight > 10 and weight > 90, deny\n';
  const diff = diffAccess(
    partsOf(`${deny}${links}`),
    partsOf(`${deny}${links}p, role:a, *, lb weight, weight <= 25, allow\n`),
  );
  t.same(
    diff.changes.map(({ people, inputs }) => [people.map(({ id }) => id), inputs]),
    [[['slack:T1/U1', 'slack:T1/U2'], 'weight <= 25']],
  );
});

t.test('a witness is typed by name where an optional input stands before', async (t) => {
  const inputs = commandWith(['note: { type: string, required: false }', 'weight: { type: number, min: 0 }']);
  const diff = diffAccess(
    partsOf('p, *, *, move, weight <= 2, allow', inputs),
    partsOf('p, *, *, move, weight < 2.5, allow', inputs),
  );
  t.match(diff.changes, [{ inputs: 'weight > 2 and weight < 2.5', witness: { line: 'move --weight=2.25' } }]);
});

t.test('a gain on a later day is told with that day, one that ends is told now', async (t) => {
  const ends = partsOf(
    'p, slack:T1/U1, *, release, *, allow, expires=2026-12-31\np, *, *, lb weight, *, allow',
  );
  const stays = partsOf('p, slack:T1/U1, *, release, *, allow\np, *, *, lb weight, *, allow');
  const none = partsOf('p, *, *, lb weight, *, allow');
  const said = (before: typeof ends, after: typeof ends) => {
    const { changes, later = [] } = diffFrom(before, after, today);
    const words = ({ direction, command }: { direction: string; command: string }) =>
      `${direction} ${command}`;
    return {
      now: changes.map(words),
      later: later.map(({ from, changes: then }) => [
        new Date(from).toISOString().slice(0, 10),
        ...then.map(words),
      ]),
    };
  };
  t.same(said(ends, stays), { now: [], later: [['2027-01-01', 'gain release']] });
  t.same(said(stays, ends), { now: [], later: [['2027-01-01', 'lose release']] });
  t.same(said(none, ends), { now: ['gain release'], later: [] });
  t.same(said(none, stays), { now: ['gain release'], later: [] });
});

t.test('a freeze that ends lets a new grant in', async (t) => {
  const freeze = 'p, *, *, *, *, deny, expires=2026-12-31\np, slack:T1/U1, *, release, *, allow\n';
  const { changes, later } = diffFrom(
    partsOf(freeze),
    partsOf(`${freeze}p, *, *, release, *, allow\n`),
    today,
  );
  t.same(changes, []);
  t.match(later, [
    { from: Date.UTC(2027, 0, 1), changes: [{ direction: 'gain', people: [{ kind: 'else' }] }] },
  ]);
});

t.test('a witness has what only its own side declares set as that person must set it', async (t) => {
  const before = partsOf(
    'p, role:a, *, move, *, allow\np, *, slack:T1/C2, move, note = a, allow\ng, slack:T1/U0, role:a\n',
    commandWith(['weight: { type: integer }', 'note: { type: string, required: false }']),
  );
  const after = partsOf('p, role:b, *, lb weight, *, allow', commandWith(['weight: { type: integer }']));
  const { changes } = diffAccess(before, after);
  t.same(
    changes
      .filter(({ command }) => command === 'move')
      .map(({ people, witness }) => [
        people.map(({ kind }) => kind).toSorted(),
        witness.as.kind,
        witness.line,
      ]),
    [
      [['else', 'role'], 'role', 'move 0 --note=a'],
      [['person'], 'person', 'move 0'],
    ],
  );
});
