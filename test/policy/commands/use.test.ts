import t from 'tap';
import { readCatalogue } from '../../../src/policy/commands/catalogue.ts';
import { createMistakeList, mistakesAsText } from '../../../src/policy/mistakes.ts';
import { uses } from '../../../src/wiring/effects.ts';

const read = (text: string) => {
  const mistakes = createMistakeList();
  const commands = readCatalogue(new Map([['commands/flag.yml', text]]), { reserved: [], uses }, mistakes);
  return { commands, mistakes: mistakes.all().map((one) => mistakesAsText([one])) };
};

const file = (use: string, inputs: Readonly<Record<string, string>>, settings = 'project: app/shop') =>
  `name: flag
summary: s
mode: direct
direct: { use: gitlab.feature-flag.${use}, ${settings} }
inputs:
${Object.entries(inputs)
  .map(([name, spec]) => `  ${name}: { ${spec} }\n`)
  .join('')}`;

const name = 'type: string';
const state = 'type: string, options: [on, off]';

t.test('each mistake in what a built-in effect is given is reported with its line', async (t) => {
  const set = 'gitlab\\.feature-flag\\.set';
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a setting with a typo',
      file('set', { name, state }, 'projct: app/shop'),
      [':4: direct\\.projct: unknown key .*did you mean project\\?', ':4: direct\\.project is missing'],
    ],
    ['no setting', file('list', {}, '').replace('inputs:\n', ''), [':4: direct\\.project is missing']],
    ['an empty setting', file('get', { name }, 'project: " "'), [':4: direct\\.project: is empty']],
    ['a number as a setting', file('get', { name }, 'project: 5'), [':4: direct\\.project: "5" is a number']],
    ['a setting too many', file('get', { name }, 'project: a/b, env: x'), [':4: direct\\.env: unknown key']],
    [
      'another input in place of the needed one',
      file('set', { name, on: 'type: boolean' }),
      [
        `:4: direct\\.use: ${set} needs the input state \\(string with options from on, off; or boolean\\)`,
        `:7: inputs\\.on: ${set} does not read it \\(it reads name, state, env\\)`,
      ],
    ],
    [
      'an input with a typo',
      file('set', { nmae: name, state }),
      [':4: direct\\.use: .* needs the input name \\(string\\)', ':6: inputs\\.nmae: .*did you mean name\\?'],
    ],
    [
      'an environment under another name, which would change all of them',
      file('set', { name, state, environment: name }),
      [`:8: inputs\\.environment: ${set} does not read it`],
    ],
    [
      'an input for the list',
      file('list', { name }),
      [':6: inputs\\.name: .* does not read it \\(it reads no input\\)'],
    ],
    ['a number as the name', file('get', { name: 'type: integer' }), [':6: inputs\\.name: .* needs string']],
    [
      'a number as the state',
      file('set', { name, state: 'type: integer' }),
      [':7: inputs\\.state: .* needs string with options from on, off; or boolean'],
    ],
    [
      'a number as the environment',
      file('get', { name, env: 'type: number' }),
      [':7: inputs\\.env: .* needs string'],
    ],
    [
      'a state that may be any text',
      file('set', { name, state: 'type: string' }),
      [':7: inputs\\.state: .* needs string with options'],
    ],
    [
      'a state with other words',
      file('set', { name, state: 'type: string, options: [on, of]' }),
      [':7: inputs\\.state: "of" is not understood by .* \\(it takes on, off\\); did you mean off\\?'],
    ],
    [
      'a needed input that may be absent',
      file('set', { name, state: `${state}, required: false` }),
      [':7: inputs\\.state: may be absent; give it a default or make it required'],
    ],
    [
      'an input that is wrong in itself, told once',
      file('set', { name, state: 'type: strong' }),
      [':7: inputs\\.state\\.type: .*did you mean string\\?'],
    ],
    [
      'inputs that are no table, told once',
      file('list', {}).replace('inputs:\n', 'inputs: [a]\n'),
      [':5: inputs: must be a table'],
    ],
  ];
  for (const [sentence, text, problems] of table) {
    const { mistakes } = read(text);
    t.equal(mistakes.length, problems.length, `${sentence}: ${mistakes.join(' | ')}`);
    for (const [at, problem] of problems.entries())
      t.match(mistakes[at], new RegExp(`^commands/flag\\.yml${problem}`), sentence);
  }
});

t.test('what the effects need, in the ways it may be given', async (t) => {
  const table: readonly string[] = [
    file('list', {}).replace('inputs:\n', ''),
    file('get', { name }),
    file('get', { name, env: 'type: string, required: false' }),
    file('set', { name, state }),
    file('set', { state: 'type: boolean', name: 'type: string, default: dark-mode' }),
    file('set', { name, state: 'type: string, options: [off], default: off' }),
    file('set', { name, state, env: 'type: string, options: [staging], default: staging' }),
  ];
  for (const text of table) t.same(read(text).mistakes, [], text);
  t.match(read(file('set', { name, state })).commands[0]?.direct, {
    use: 'gitlab.feature-flag.set',
    settings: { project: 'app/shop' },
  });
});

t.test('each declared effect has the settings and inputs it reads', async (t) => {
  t.same(
    uses.map((use) => [use.name, use.settings, use.inputs.map((input) => input.name)]),
    [
      ['gitlab.feature-flag.get', ['project'], ['name', 'env']],
      ['gitlab.feature-flag.set', ['project'], ['name', 'state', 'env']],
      ['gitlab.feature-flag.list', ['project'], []],
    ],
  );
});
