import fc from 'fast-check';
import t from 'tap';
import { checkInput } from '../../src/core/check-input.ts';
import type { InputSpec } from '../../src/core/input.ts';

const share = { name: 'share', type: 'number', required: true } as const;
const weight = { name: 'weight', type: 'integer', required: true, min: 0, max: 100 } as const;
const name = { name: 'name', type: 'string', required: true } as const;

const refused: Readonly<Record<string, readonly [InputSpec, string, RegExp, readonly string[]]>> = {
  'a number that prints with an exponent': [share, `1${'0'.repeat(21)}`, /share has more digits/, []],
  'a number too close to zero to print plainly': [share, '0.0000001', /share has more digits/, []],
  'a number with more digits than are kept': [share, '0.12345678901234567891', /share has more digits/, []],
  'a whole number that would become its neighbour': [share, '9007199254740993', /share has more digits/, []],
  'a number with an exponent': [share, '1e3', /share must be a number/, []],
  'a number of very many zeros': [share, '0'.repeat(100), /share must be a number of at most/, []],
  'a text far longer than any number': [
    weight,
    `${'.'.repeat(3000)}1`,
    /weight must be a whole number of at most 40 characters/,
    [],
  ],
  'a whole number beyond the safe ones': [weight, '9007199254740993', /weight is too large/, []],
  'a number with its unit': [weight, '10%', /weight must be a whole number/, ['10']],
  'a number with dots and a unit': [weight, '1.2.3%', /weight must be a whole number/, []],
  'a number out of range with its unit': [weight, '500%', /weight must be a whole number/, []],
};

for (const [title, [spec, typed, problem, suggestions]] of Object.entries(refused)) {
  t.test(`${title} is refused`, async (t) => {
    t.match(checkInput(spec, typed), { ok: false, problem, suggestions: [...suggestions] });
    t.same((checkInput(spec, typed) as { suggestions?: unknown }).suggestions, suggestions);
  });
}

const taken: Readonly<Record<string, readonly [InputSpec, string, string | number]>> = {
  'a number that begins with its point': [share, '.5', 0.5],
  'a number with signs and zeros that mean nothing': [share, '+007.50', 7.5],
  'nothing below zero': [share, '-0.0', 0],
  'a fraction in all its digits': [share, '0.30000000000000004', 0.30000000000000004],
  'a large number that prints plainly': [share, '100000000000000000000', 1e20],
  'a negative number': [share, '-12.25', -12.25],
  'an accent apart from its letter becomes part of it': [name, 'e\u0301', 'é'],
};

for (const [title, [spec, typed, value]] of Object.entries(taken)) {
  t.test(`${title} is taken`, async (t) => t.same(checkInput(spec, typed), { ok: true, value }));
}

t.test('a number that is taken prints so that it is taken again, as the same', async () => {
  const digits = fc.stringMatching(/^[+-]?[0-9]{0,24}(\.[0-9]{1,24})?$/);
  fc.assert(
    fc.property(fc.oneof(digits, fc.double().map(String), fc.integer().map(String)), (typed) => {
      const first = checkInput(share, typed);
      if (!first.ok) return true;
      const again = checkInput(share, String(first.value));
      return again.ok && Object.is(again.value, first.value);
    }),
    { numRuns: 1000 },
  );
});
