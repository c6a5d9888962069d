import { checkInput } from '../../core/check-input.ts';
import { againWord } from '../../core/command.ts';
import type { InputSpec, NumberInput, StringInput } from '../../core/input.ts';
import { didYouMean, shown } from '../hints.ts';
import { compilePattern } from '../pattern.ts';
import { allowOnly, notText, type Reader } from './reader.ts';

const shape = /^[a-z][a-z0-9_-]{0,49}$/;

/** Words of the condition language, and names that JavaScript objects carry by themselves. */
const taken = ['and', 'or', 'not', 'in', 'matches', 'true', 'false', 'constructor', 'prototype'];

const types: readonly InputSpec['type'][] = ['string', 'integer', 'number', 'boolean'];
const common = ['type', 'description', 'required', 'default'];
const keysOf: Readonly<Record<InputSpec['type'], readonly string[]>> = {
  string: [...common, 'options', 'pattern', 'minLength', 'maxLength'],
  integer: [...common, 'options', 'min', 'max'],
  number: [...common, 'options', 'min', 'max'],
  boolean: common,
};

const nameProblem = (name: string): string | undefined => {
  if (!shape.test(name))
    return 'an input is named with lowercase letters, digits, - and _, beginning with a letter';
  if (/^chat(ops)?_/.test(name)) return 'names that begin with chat_ or chatops_ belong to the gateway';
  if (name === againWord) return `--${againWord} means that a command is run once more; choose another name`;
  return taken.includes(name) ? 'this word has a meaning of its own; choose another name' : undefined;
};

/** Options of one type, without repetition. */
const readOptions = <Kind extends 'string' | 'number'>(reader: Reader, kind: Kind) => {
  const items = reader.list('options');
  if (items === undefined) return undefined;
  if (items.length === 0) return reader.wrong('options', 'the list is empty');
  const values: unknown[] = [];
  for (const item of items) {
    if (item.kind !== 'scalar') reader.wrongAt(item.line, 'an option must be a single value');
    else if (typeof item.value === kind) values.push(item.value);
    else
      reader.wrongAt(
        item.line,
        kind === 'string'
          ? `options: ${notText(item)}`
          : `options: ${shown(String(item.value))} must be a number`,
      );
  }
  if (new Set(values).size !== values.length) reader.wrong('options', 'an option stands there twice');
  return values as (Kind extends 'string' ? string : number)[];
};

const defined = <Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]: Exclude<Fields[Key], undefined>;
  };

const readPattern = (reader: Reader) => {
  const pattern = reader.text('pattern');
  if (pattern === undefined) return {};
  const compiled = compilePattern(pattern);
  if (compiled.ok) return { pattern, matches: compiled.matches };
  reader.wrong('pattern', compiled.because);
  return {};
};

const readLength = (reader: Reader, key: string): number | undefined => {
  const length = reader.number(key);
  if (length === undefined || (Number.isSafeInteger(length) && length >= 0)) return length;
  return reader.wrong(key, 'must be a whole number, 0 or more');
};

const inOrder = (reader: Reader, low: string, high: string): void => {
  const [from, to] = [reader.tree(low), reader.tree(high)];
  if (from?.kind === 'scalar' && to?.kind === 'scalar' && Number(from.value) > Number(to.value))
    reader.wrong(high, `is below ${low}`);
};

type Named = Pick<StringInput, 'name' | 'required' | 'description'>;

const readString = (reader: Reader, named: Named): StringInput => {
  inOrder(reader, 'minLength', 'maxLength');
  return {
    ...named,
    type: 'string',
    ...readPattern(reader),
    ...defined({
      options: readOptions(reader, 'string'),
      minLength: readLength(reader, 'minLength'),
      maxLength: readLength(reader, 'maxLength'),
      default: reader.text('default'),
    }),
  };
};

const readNumber = (reader: Reader, named: Named, type: NumberInput['type']): NumberInput => {
  inOrder(reader, 'min', 'max');
  return {
    ...named,
    type,
    ...defined({
      options: readOptions(reader, 'number'),
      min: reader.number('min'),
      max: reader.number('max'),
      default: reader.number('default'),
    }),
  };
};

const readTyped = (reader: Reader, named: Named, type: InputSpec['type']): InputSpec => {
  if (type === 'string') return readString(reader, named);
  if (type !== 'boolean') return readNumber(reader, named, type);
  return { ...named, type, ...defined({ default: reader.truth('default') }) };
};

const withoutLimits = (spec: InputSpec): InputSpec => {
  if (spec.type === 'boolean') return spec;
  const { options: _options, ...rest } = spec;
  return rest as InputSpec;
};

/** Options and the default must themselves be values that the input takes. */
const checkValues = (reader: Reader, spec: InputSpec): void => {
  for (const option of spec.type === 'boolean' ? [] : (spec.options ?? [])) {
    const checked = checkInput(withoutLimits(spec), String(option));
    if (!checked.ok) reader.wrong('options', checked.problem);
  }
  if (spec.default === undefined) return;
  const checked = checkInput(spec, String(spec.default));
  if (!checked.ok) reader.wrong('default', checked.problem);
};

const readInput = (reader: Reader, name: string): InputSpec | undefined => {
  const typed = reader.text('type');
  const type = types.find((one) => one === typed);
  reader.require('type');
  if (typed === undefined) return undefined;
  if (type === undefined)
    return reader.wrong(
      'type',
      `${shown(typed)} must be one of ${types.join(', ')}${didYouMean(typed, types)}`,
    );
  allowOnly(reader, keysOf[type]);
  const marked = reader.truth('required');
  const description = reader.text('description');
  if (marked === true && reader.has('default'))
    reader.wrong('required', 'an input with a default is never required');
  const named = { name, required: !reader.has('default') && marked !== false, ...defined({ description }) };
  const spec = readTyped(reader, named, type);
  checkValues(reader, spec);
  return spec;
};

/** The declared inputs, in their order. An optional input may stand before a required one; it can then only be given by name. */
export const readInputs = (command: Reader): readonly InputSpec[] => {
  const reader = command.table('inputs');
  if (reader === undefined) return [];
  const specs: InputSpec[] = [];
  for (const name of reader.keys) {
    const problem = nameProblem(name);
    const inner = reader.table(name);
    const spec = inner === undefined ? undefined : readInput(inner, name);
    if (problem !== undefined) reader.wrong(name, problem);
    else if (spec !== undefined) specs.push(spec);
  }
  return specs;
};
