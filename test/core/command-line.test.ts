import fc from 'fast-check';
import t from 'tap';
import { readCommandLine, type Vocabulary } from '../../src/core/command-line.ts';
import { command } from '../support/commands.ts';

const lbWeight = command({
  name: 'lb weight',
  inputs: [
    { name: 'backend', type: 'string', required: true, options: ['web', 'api'] },
    { name: 'weight', type: 'integer', required: true, min: 0, max: 100, description: 'percent' },
    { name: 'env', type: 'string', required: false, options: ['staging', 'production'], default: 'staging' },
  ],
});
const lb = command({ name: 'lb', inputs: [] });
const say = command({
  name: 'say',
  inputs: [
    { name: 'text', type: 'string', required: true },
    { name: 'loud', type: 'boolean', required: false, default: false },
  ],
});
const legacy = command({
  name: 'hello',
  inputs: [{ name: 'who', type: 'string', required: false }],
  pipeline: { project: 'ops/legacy', ref: 'main', pass: 'variables', variables: {} },
});

const vocabulary: Vocabulary = {
  commands: [lb, lbWeight, say, legacy],
  builtIns: ['help', 'run show', 'runs', 'cancel'],
  offered: () => ['lb weight', 'say', 'help', 'runs'],
};

const read = (typed: string) => readCommandLine(vocabulary, typed);

t.test('a line that cannot be read points at the spot', async (t) => {
  const cases: readonly (readonly [string, string, string, string, readonly string[]])[] = [
    ['an unknown command', 'depoly web', 'depoly', 'there is no command "depoly"', []],
    ['a typo of one word', 'sya hello', 'sya', 'there is no command "sya"', ['say']],
    ['an open quote', 'say "hello', '"', 'this quote is never closed', []],
    ['an unknown option value', 'lb weight wbe 10', 'wbe', 'backend must be one of web, api', ['web']],
    ['a word for a number', 'lb weight web ten', 'ten', 'weight must be a whole number', []],
    ['a number with its unit', 'lb weight web 10%', '10%', 'weight must be a whole number', ['10']],
    ['a number out of range', 'lb weight web 101', '101', 'weight must be from 0 to 100', []],
    [
      'an unknown input',
      'lb weight web 10 --enf=production',
      '--enf=production',
      'lb weight has no input "enf"',
      ['env'],
    ],
    [
      'an input given twice',
      'lb weight web 10 --env=staging --env=production',
      '--env=production',
      'env is given twice',
      [],
    ],
    ['an input without its value', 'lb weight web 10 --env', '--env', 'env has no value', []],
    ['one value too many', 'lb weight web 10 staging now', 'now', 'one value too many', []],
    ['a dollar in a value that GitLab would expand', 'hello $HOME', '$HOME', 'may not hold "$"', []],
  ];
  for (const [name, typed, spot, message, suggestions] of cases) {
    await t.test(name, async (t) => {
      const answer = read(typed);
      if (answer.kind !== 'problem') {
        t.fail(`read as ${answer.kind}`);
        return;
      }
      const { problem } = answer;
      t.equal(problem.line.slice(problem.start, problem.end), spot);
      t.match(problem.message, message);
      t.same(problem.suggestions, suggestions);
    });
  }
});

t.test('a line that is too long is refused with its beginning, before anything else is asked', async (t) => {
  let asked = 0;
  const watched: Vocabulary = {
    get commands() {
      asked++;
      return vocabulary.commands;
    },
    get builtIns() {
      asked++;
      return vocabulary.builtIns;
    },
    offered: () => {
      asked++;
      return [];
    },
  };
  const answer = readCommandLine(watched, `lb ${'—x\u0301'.repeat(1333)}`);
  t.same(answer, {
    kind: 'problem',
    problem: {
      line: `lb ${'—x\u0301'.repeat(65)}—x…`.replace('lb —', 'lb --'),
      start: 201,
      end: 202,
      message: 'this line is too long: 4002 characters, at most 4000 are read',
      suggestions: [],
    },
  });
  t.equal(asked, 0);
});

t.test('a line of the longest length is read, and half a character is not shown', async (t) => {
  t.equal(read(`lb${' '.repeat(3998)}`).kind, 'command');
  t.match(read(`lb${' '.repeat(3999)}`), { kind: 'problem', problem: { line: 'lb…' } });
  const answer = read(`l${'😀'.repeat(2000)}`);
  t.match(answer, { kind: 'problem', problem: { line: `l${'😀'.repeat(99)}…`, start: 199, end: 200 } });
});

t.test('a canonical line that would be too long to be read again is refused', async (t) => {
  const four = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, type: 'string', required: true }) as const);
  const known = { ...vocabulary, commands: [command({ name: 'many', inputs: four })] };
  const typed = `many ${Array.from({ length: 5 }, () => '\\'.repeat(700)).join(' ')}`;
  t.match(readCommandLine(known, typed), {
    kind: 'problem',
    problem: { message: 'this line is too long: 7019 characters, at most 4000 are read' },
  });
});

t.test('a missing value is named, and the caret stands after the line', async (t) => {
  const answer = read('lb weight web');
  if (answer.kind !== 'problem') {
    t.fail(`read as ${answer.kind}`);
    return;
  }
  t.match(answer.problem.message, 'needs weight');
  t.ok(answer.problem.start > answer.problem.line.length);
});

t.test('a typo of a command of several words is recognised, and so is its family', async (t) => {
  const known = { ...vocabulary, commands: [lbWeight, say] };
  t.match(readCommandLine(known, 'lb wieght web 10'), {
    kind: 'problem',
    problem: { suggestions: ['lb weight'] },
  });
  t.match(readCommandLine(known, 'lb'), { kind: 'problem', problem: { suggestions: ['lb weight'] } });
});

t.test('a command that is not offered is not given away', async (t) => {
  const answer = readCommandLine({ ...vocabulary, offered: () => ['help'] }, 'lb wieght web 10');
  // `lb` is a command of its own here, so the rest is one value too many for it; nothing names `lb weight`.
  if (answer.kind !== 'problem') {
    t.fail(`read as ${answer.kind}`);
    return;
  }
  t.notMatch(JSON.stringify(answer.problem.suggestions), 'weight');
});

t.test('a command is read', async (t) => {
  const full = { backend: 'web', weight: 10, env: 'production' };
  const cases: readonly (readonly [string, string, object, string])[] = [
    ['by position', 'lb weight web 10', { ...full, env: 'staging' }, 'lb weight web 10'],
    ['with --name=value', 'lb weight web 10 --env=production', full, 'lb weight web 10 --env=production'],
    ['with --name value', 'lb weight web 10 --env production', full, 'lb weight web 10 --env=production'],
    ['with name=value', 'lb weight web 10 env=production', full, 'lb weight web 10 --env=production'],
    [
      'with names first',
      'lb weight --weight 10 --backend=web env=production',
      full,
      'lb weight --backend=web --weight=10 --env=production',
    ],
    ['with a third position', 'lb weight web 10 production', full, 'lb weight web 10 production'],
    [
      'with a name in between',
      'lb weight --weight=10 web',
      { ...full, env: 'staging' },
      'lb weight web --weight=10',
    ],
    ['after run, as in GitLab', 'run lb weight web 10', { ...full, env: 'staging' }, 'lb weight web 10'],
    [
      'with a long dash from a phone',
      'lb weight web 10 —env=production',
      full,
      'lb weight web 10 --env=production',
    ],
    ['with full-width digits', 'lb weight web １０', { ...full, env: 'staging' }, 'lb weight web 10'],
    ['with odd blanks', ' lb\u00a0 weight\tweb\n10 ', { ...full, env: 'staging' }, 'lb weight web 10'],
    ['with quotes', 'say "hello world"', { text: 'hello world', loud: false }, 'say "hello world"'],
    ['with curly quotes', 'say “hello world”', { text: 'hello world', loud: false }, 'say "hello world"'],
    ['with an escaped quote', 'say "a \\"b\\" c"', { text: 'a "b" c', loud: false }, 'say "a \\"b\\" c"'],
    ['with a quoted equals sign', 'say "a=b"', { text: 'a=b', loud: false }, 'say "a=b"'],
    [
      'with an address that holds an equals sign',
      'say https://x.example/?a=b',
      { text: 'https://x.example/?a=b', loud: false },
      'say "https://x.example/?a=b"',
    ],
    ['with a bare boolean', 'say hi --loud', { text: 'hi', loud: true }, 'say hi --loud=true'],
    ['with a bare boolean before a value', 'say --loud hi', { text: 'hi', loud: true }, 'say hi --loud=true'],
    ['with a spoken boolean', 'say hi --loud no', { text: 'hi', loud: false }, 'say hi --loud=false'],
    ['with an optional input left out', 'hello', {}, 'hello'],
    ['with an optional input by position, as old jobs read it', 'hello Ana', { who: 'Ana' }, 'hello Ana'],
  ];
  for (const [name, typed, input, line] of cases) {
    await t.test(name, async (t) => {
      const answer = read(typed);
      if (answer.kind !== 'command') {
        t.fail(JSON.stringify(answer));
        return;
      }
      t.same(answer.input, input);
      t.equal(answer.line, line);
    });
  }
});

t.test('a value that would make a longer name stays a value', async (t) => {
  const takes = command({ name: 'lb', inputs: [{ name: 'what', type: 'string', required: true }] });
  const words = { ...vocabulary, commands: [takes, lbWeight] };
  const first = readCommandLine(words, 'lb "weight"');
  t.match(first, {
    kind: 'command',
    command: { name: 'lb' },
    input: { what: 'weight' },
    line: 'lb "weight"',
  });
  if (first.kind === 'command') t.match(readCommandLine(words, first.line), { command: { name: 'lb' } });
});

t.test('a typo after run is looked for where it is', async (t) => {
  const known = { ...vocabulary, commands: [lbWeight, say] };
  const answer = readCommandLine(known, 'run lb wieght web 10');
  t.match(answer, {
    problem: { message: /no command "lb wieght"/, start: 4, end: 13, suggestions: ['lb weight'] },
  });
});

t.test('the longest name wins', async (t) => {
  const answer = read('lb weight web 1');
  t.equal(answer.kind === 'command' && answer.command.name, 'lb weight');
  t.equal(read('run show r1').kind, 'built-in');
  t.same(read(''), { kind: 'empty' });
});

t.test('a built-in gets the rest of the line', async (t) => {
  t.match(read('help lb weight'), { kind: 'built-in', name: 'help', rest: 'lb weight' });
});

t.test('no line makes the parser throw, and every problem lies within reach of the line', async () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom('', 'lb weight ', 'say ', 'run '),
      (text, prefix) => {
        const answer = read(prefix + text);
        return (
          answer.kind !== 'problem' ||
          (answer.problem.start >= 0 && answer.problem.end <= answer.problem.line.length + 2)
        );
      },
    ),
  );
});
