import fc from 'fast-check';
import t from 'tap';
import type { DecisionRequest } from '../../../src/core/decision.ts';
import type { Input } from '../../../src/core/input.ts';
import { links, policyWith } from '../fixtures.ts';
import { findingsIn } from './fixtures.ts';

const dead = ['never-holds', 'unreachable', 'shadowed', 'repeated', 'idle-row'];

const more = `${links}g, role:sre, role:dev
g, gitlab:bo, gitlab-group:ops/sre
g2, channels:ops, channels:all
g2, slack:T1/COPS, channels:all
`;

const conditions: Readonly<Record<string, readonly string[]>> = {
  'lb weight': [
    '*',
    'weight <= 25',
    'weight > 25',
    'weight >= 0',
    'weight > 100',
    'env = staging',
    'env != staging',
    'env = staging and weight < 50',
    'not (weight < 50 or env = production)',
    'env = staging and env = production',
    'note = x',
    'note = x or note != x',
    'not note = x',
  ],
  release: ['*', 'dry = true', 'dry = false', 'dry = true or dry = false', 'not dry = true'],
  '*': ['*', 'weight <= 25', 'dry = true'],
};

const row: fc.Arbitrary<string> = fc.constantFrom('lb weight', 'lb *', 'release', '*').chain((command) =>
  fc
    .tuple(
      fc.constantFrom('*', 'role:sre', 'role:dev', 'gitlab:ana', 'gitlab:bo', 'gitlab-group:ops/sre'),
      fc.constantFrom('*', 'slack:T1/COPS', 'channels:ops', 'channels:all', 'channels:dev'),
      fc.constantFrom(...(conditions[command.startsWith('lb') ? 'lb weight' : command] ?? ['*'])),
      fc.constantFrom('allow', 'allow', 'deny'),
      fc.constantFrom('', '', ', expires=2026-12-01'),
    )
    .map(([who, channel, condition, effect, end]) => {
      // A deny over several commands may only speak of what all of them have.
      const asked = effect === 'deny' && command === '*' ? '*' : condition;
      return `p, ${who}, ${channel}, ${command}, ${asked}, ${effect}${end}`;
    }),
);

const inputs: Readonly<Record<string, readonly Input[]>> = {
  'lb weight': [0, 25, 26, 49, 50, 100].flatMap((weight) =>
    ['staging', 'production'].flatMap((env) =>
      [{}, { note: 'x' }, { note: 'y' }].map((rest) => ({ backend: 'web', weight, env, ...rest })),
    ),
  ),
  release: [true, false].map((dry) => ({ version: 'v1', dry })),
};

const requests: readonly DecisionRequest[] = ['slack:T1/UANA', 'slack:T1/UBO', 'slack:T1/UEVE'].flatMap(
  (caller) =>
    ['slack:T1/COPS', 'slack:T1/CDEV', 'slack:T1/CX'].flatMap((channel) =>
      Object.entries(inputs).flatMap(([command, each]) =>
        each.map((input) => ({ caller, channel, command, input })),
      ),
    ),
);

const decisions = (csv: string): readonly boolean[] => {
  const policy = policyWith(csv);
  return requests.map((request) => policy.decide(request).allowed);
};

const without = (csv: string, lines: ReadonlySet<number>): string =>
  csv
    .split('\n')
    .filter((_, at) => !lines.has(at + 1))
    .join('\n');

t.test('without everything that is said to change nothing, every decision is the same', async (t) => {
  let removed = 0;
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 7 }), (rules) => {
      const csv = `${more}${rules.join('\n')}\n`;
      const lines = new Set(
        findingsIn({ 'policy.csv': csv })
          .filter(({ code }) => dead.includes(code))
          .map(({ line }) => line),
      );
      const rest = without(csv, lines);
      if (lines.size === 0 || !/^p,/m.test(rest)) return;
      removed++;
      t.strictSame(decisions(rest), decisions(csv), `${csv}\nwithout ${[...lines].join()}`);
    }),
    { numRuns: 300 },
  );
  t.ok(removed > 50, `${removed} of 300 policies had rows that change nothing`);
});
