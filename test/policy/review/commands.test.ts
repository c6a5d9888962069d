import t from 'tap';
import { commandChanges } from '../../../src/policy/review/commands.ts';
import { command } from '../../support/commands.ts';

const weight = { name: 'weight', type: 'integer', required: true, min: 0, max: 25 } as const;
const lb = command({ name: 'lb weight', inputs: [weight] });
const long = (end: string) =>
  command({
    name: 'call',
    mode: 'direct',
    direct: { use: 'x', settings: { body: `${'a'.repeat(500)}${end}` } },
  });

t.test('what only describes a command is no change', async (t) => {
  const words = {
    summary: { en: 'other words' },
    examples: ['lb weight 3'],
    place: { file: 'x.yml', line: 9 },
  };
  t.same(commandChanges([lb], [{ ...lb, ...words }]), []);
});

t.test('what commands do differently', async (t) => {
  const other = { ...lb, danger: 'high', inputs: [{ ...weight, max: 50 }] } as const;
  const hello = command({ name: 'hello' });
  t.same(commandChanges([lb, hello], [other, command({ name: 'bye', danger: 'some' })]), [
    '- `lb weight`, `danger`: `none` → `high`',
    '- `lb weight`, `input weight`: `{"type":"integer","required":true,"min":0,"max":25}` → `{"type":"integer","required":true,"min":0,"max":50}`',
    '- `bye` is new: mode wait, danger some, pipeline `ops/say@main`',
    '- `hello` is gone',
  ]);
  t.match(commandChanges([lb], [{ ...lb, inputs: [] }]), [/`input weight`: gone, was/, /order of inputs/]);
});

t.test('of long texts the part that differs is shown', async (t) => {
  const [line = ''] = commandChanges([long('one')], [long('two')]);
  t.match(line, /`…a{20,}one.*` → `…a{20,}two.*`$/);
  t.ok(line.length < 400);
});
