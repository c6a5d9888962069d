import type { InputSpec, InputValue, NumberInput, StringInput } from './input.ts';
import { nearest } from './suggest.ts';

/** A value of the declared type, or what is wrong with it and what would be right. */
export type Checked =
  | { readonly ok: true; readonly value: InputValue }
  | { readonly ok: false; readonly problem: string; readonly suggestions: readonly string[] };

/** GitLab takes strings of less than 1 KB as a pipeline input: https://docs.gitlab.com/ci/inputs/ */
const longestStringBytes = 1000;

const wrong = (problem: string, suggestions: readonly string[] = []): Checked => ({
  ok: false,
  problem,
  suggestions,
});

const listed = (options: readonly (string | number)[]): string => options.join(', ');

const checkLength = (spec: StringInput, value: string): string | undefined => {
  const { minLength = 0, maxLength } = spec;
  const length = [...value].length;
  if (length < minLength)
    return `${spec.name} must have at least ${minLength} characters, this has ${length}`;
  if (maxLength !== undefined && length > maxLength) {
    return `${spec.name} may have at most ${maxLength} characters, this has ${length}`;
  }
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > longestStringBytes)
    return `${spec.name} may have at most ${longestStringBytes} bytes, this has ${bytes}`;
  return undefined;
};

const checkString = (spec: StringInput, typed: string): Checked => {
  // Quotes may have kept an accent from its letter: `e""` and the accent.
  const value = typed.normalize('NFC');
  if (spec.options !== undefined && !spec.options.includes(value)) {
    return wrong(`${spec.name} must be one of ${listed(spec.options)}`, nearest(value, spec.options));
  }
  const length = checkLength(spec, value);
  if (length !== undefined) return wrong(length);
  if (spec.matches !== undefined && !spec.matches(value)) {
    return wrong(`${spec.name} must look like ${spec.pattern ?? 'its pattern'}`);
  }
  return { ok: true, value };
};

const checkRange = (spec: NumberInput, value: number): Checked => {
  const { name, options, min, max } = spec;
  if (options !== undefined && !options.includes(value))
    return wrong(`${name} must be one of ${listed(options)}`);
  if (min !== undefined && max !== undefined && (value < min || value > max)) {
    return wrong(`${name} must be from ${min} to ${max}`);
  }
  if (min !== undefined && value < min) return wrong(`${name} must be at least ${min}`);
  if (max !== undefined && value > max) return wrong(`${name} must be at most ${max}`);
  return { ok: true, value };
};

/** Characters of a number as typed. Every number that prints plainly has fewer. */
const longestNumber = 40;

/** Whether a number prints, without an exponent, just as it was typed; a sign and zeros that mean nothing aside. */
const printsAsTyped = (number: number, typed: string): boolean => {
  const [whole = '', fraction = ''] = typed.replace(/^[+-]/, '').split('.');
  const digits = whole.replace(/^0+/, '') || '0';
  const rest = fraction.replace(/0+$/, '');
  return String(Math.abs(number)) === (rest === '' ? digits : `${digits}.${rest}`);
};

/** What stands before the unit in `10%`, when it alone would be right. */
const withoutUnit = (spec: NumberInput, value: string): readonly string[] => {
  const number = /^([+-]?[\d.]*\d)[^\d.]+$/.exec(value)?.[1];
  return number !== undefined && checkNumber(spec, number).ok ? [number] : [];
};

const checkNumber = (spec: NumberInput, value: string): Checked => {
  const whole = spec.type === 'integer';
  const mustBe = `${spec.name} must be ${whole ? 'a whole number' : 'a number'}`;
  if (value.length > longestNumber) return wrong(`${mustBe} of at most ${longestNumber} characters`);
  const shape = whole ? /^[+-]?\d+$/ : /^[+-]?(\d+(\.\d+)?|\.\d+)$/;
  if (!shape.test(value)) return wrong(mustBe, withoutUnit(spec, value));
  const number = Number(value);
  if (whole && !Number.isSafeInteger(number)) return wrong(`${spec.name} is too large`);
  if (!printsAsTyped(number, value)) return wrong(`${spec.name} has more digits than can be kept exactly`);
  return checkRange(spec, number === 0 ? 0 : number);
};

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** Turns typed text into the declared type. The value that comes back is the one that is decided on and sent. */
export const checkInput = (spec: InputSpec, typed: string): Checked => {
  switch (spec.type) {
    case 'string':
      return checkString(spec, typed);
    case 'integer':
    case 'number':
      return checkNumber(spec, typed);
    case 'boolean': {
      const value = Object.hasOwn(truths, typed.toLowerCase()) ? truths[typed.toLowerCase()] : undefined;
      if (value !== undefined) return { ok: true, value };
      return wrong(`${spec.name} must be true or false`, nearest(typed, ['true', 'false']));
    }
  }
};
