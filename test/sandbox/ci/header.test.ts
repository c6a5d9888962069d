import t from 'tap';
import { checkInputs } from '../../../src/sandbox/ci/header.ts';
import { interpolate } from '../../../src/sandbox/ci/interpolate.ts';
import type { Yaml } from '../../../src/sandbox/ci/yaml.ts';

const HEADER = `
spec:
  inputs:
    name:
    weight: { type: number, default: 0, options: [0, 10, 25] }
    env: { options: [staging, production], default: staging }
    loud: { type: boolean, default: false }
    hosts: { type: array, default: [] }
    version: { regex: '^v\\d+$', default: v1, description: which }
`;

const REFUSED: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  ['a required input that is missing', {}, ['`name` input: required value has not been provided']],
  ['a required input that is null', { name: null }, ['`name` input: required value has not been provided']],
  ['a number for a string', { name: 1 }, ['`name` input: provided value is not a string']],
  ['a string for a number', { name: 'a', weight: '10' }, ['`weight` input: provided value is not a number']],
  ['a string for a boolean', { name: 'a', loud: 'true' }, ['`loud` input: provided value is not a boolean']],
  ['a string for an array', { name: 'a', hosts: 'a,b' }, ['`hosts` input: provided value is not an array']],
  [
    'a string outside its options',
    { name: 'a', env: 'prod' },
    ['`env` input: `prod` cannot be used because it is not in the list of allowed options'],
  ],
  [
    'a number outside its options',
    { name: 'a', weight: 11 },
    ['`weight` input: `11` cannot be used because it is not in the list of the allowed options'],
  ],
  [
    'a string off its pattern',
    { name: 'a', version: '1' },
    ['`version` input: provided value does not match required RegEx pattern'],
  ],
  ['an unknown input', { name: 'a', foo: 1, bar: 2 }, ['unknown input arguments: foo, bar']],
  ['a name every object has', { name: 'a', constructor: 'x' }, ['unknown input arguments: constructor']],
  [
    'more than three mistakes, of which three are told',
    { weight: 'x', env: 'x', loud: 'x', hosts: 'x' },
    [
      '`name` input: required value has not been provided',
      '`weight` input: provided value is not a number',
      '`env` input: `x` cannot be used because it is not in the list of allowed options',
    ],
  ],
];

for (const [name, given, errors] of REFUSED) {
  t.test(`refused: ${name}`, async (t) => t.same(checkInputs(HEADER, given), { ok: false, errors }));
}

t.test('inputs for a file without a header are refused, and more than twenty for any', async (t) => {
  const none = 'Given inputs not defined in the `spec` section of the included configuration file';
  t.same(checkInputs(undefined, { a: 1 }), { ok: false, errors: [none] });
  t.same(checkInputs(undefined, {}), { ok: true, values: new Map() });
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`i${at}`, 'x']));
  t.match(checkInputs(HEADER, many), { ok: false, errors: [/at most 20/] });
});

const SPECS: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown type',
    'a: { type: date }',
    /unknown input specification for `a` \(valid types: array, boolean, number, string\)/,
  ],
  [
    'a default of another type',
    'a: { type: number, default: x }',
    /`a` input: default value is not a number/,
  ],
  ['a default outside the options', 'a: { options: [x], default: y }', /`a` input: `y` cannot be used/],
  [
    'options of a boolean',
    'a: { type: boolean, options: [true], default: true }',
    /Options can only be used with string and number inputs/,
  ],
  [
    'a pattern of a number',
    'a: { type: number, regex: x, default: 1 }',
    /RegEx validation can only be used with string inputs/,
  ],
  [
    'a pattern that RE2 does not know',
    "a: { regex: '(?=x)', default: x }",
    /`a` input: invalid regular expression/,
  ],
  [
    'conditional rules',
    'a: { rules: [] }',
    /header:spec:inputs:`a` config contains unsupported keyword for the sandbox: rules/,
  ],
];

for (const [name, spec, error] of SPECS) {
  t.test(`a header is refused with ${name}`, async (t) => {
    t.match(checkInputs(`spec: { inputs: { ${spec} } }`, {}), { ok: false, errors: [error] });
  });
}

t.test('a header with anything but inputs is refused', async (t) => {
  t.throws(() => checkInputs('spec: { component: [name] }', {}), /header:spec .* component/);
  t.throws(() => checkInputs('spec: {}\nother: 1', {}), /header config contains unknown keys/);
});

t.test('good inputs come out with the defaults, typed', async (t) => {
  const result = checkInputs(HEADER, {
    name: 'web',
    weight: 25,
    loud: true,
    hosts: ['a', { b: 1 }],
    version: 'v12',
  });
  t.same(result.ok && Object.fromEntries(result.values), {
    name: 'web',
    weight: 25,
    env: 'staging',
    loud: true,
    hosts: ['a', { b: 1 }],
    version: 'v12',
  });
});

t.test('a string that looks like something else stays a string', async (t) => {
  for (const text of [
    '10',
    'yes',
    'null',
    '*x',
    '!y',
    'a: b',
    '',
    ' pad ',
    'new\nline',
    '"quoted"',
    '1e3',
    '2020-01-01',
  ]) {
    const result = checkInputs(HEADER, { name: text });
    t.equal(result.ok && result.values.get('name'), text);
  }
});

const INPUTS = new Map<string, Yaml>([
  ['a', 'x y'],
  ['n', 5],
  ['list', ['p', 'q']],
]);
const put = (text: string): string => interpolate(text, INPUTS, (name) => (name === 'V' ? 'vee' : undefined));

t.test('blocks that mean nothing are refused', async (t) => {
  t.throws(() => put('$[[ inputs.gone ]]'), /unknown interpolation key: `gone`/);
  t.throws(() => put('$[[ other.a ]]'), /unknown interpolation key: `other`/);
  t.throws(() => put('$[[ inputs ]]'), /invalid interpolation access pattern/);
  t.throws(() => put('$[[ inputs.a | shout ]]'), /no function matching `shout`/);
  t.throws(() => put('$[[ inputs.a | truncate(1) ]]'), /no function matching/);
  t.throws(() => put('$[[ inputs.n | posix_escape ]]'), /takes a string/);
  t.throws(
    () => put('$[[ inputs.a | expand_vars | expand_vars | expand_vars | expand_vars ]]'),
    /too many functions/,
  );
});

t.test('blocks become the value, strings as they are and the rest as JSON', async (t) => {
  t.equal(put('a $[[ inputs.a ]]-$[[inputs.n]] $[[ inputs.list ]]'), 'a x y-5 ["p","q"]');
  t.equal(put('$[[ inputs.a | truncate(2,1) ]]'), 'y');
  t.equal(put('$[[ inputs.a | posix_escape ]]'), 'x\\ y');
  t.equal(
    interpolate('$[[ inputs.v | expand_vars ]]', new Map([['v', 'is $V $W']]), () => 'vee'),
    'is vee vee',
  );
});
