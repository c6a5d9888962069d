import fc from 'fast-check';
import { inForceAt } from '../../../src/policy/expiring.ts';
import type { Policy, PolicyParts } from '../../../src/policy/policy.ts';
import { compileFiles, filesWith, today } from '../fixtures.ts';

const declarations = [
  'weight: { type: integer, min: 0, max: 6 }\n  env: { type: string, options: [s, p] }\n  note: { type: string, required: false }',
  'weight: { type: integer, min: 1, max: 7 }\n  env: { type: string, options: [s, p, t] }\n  note: { type: string, required: false }',
  'weight: { type: integer, options: [1, 3, 5] }\n  env: { type: string, options: [p, s] }\n  note: { type: string, default: a }',
  'weight: { type: integer, min: 0 }\n  env: { type: string, options: [p, s] }\n  dry: { type: boolean, required: false }',
];

const commandFile = (declaration: string): string =>
  `name: move\nsummary: s\nmode: wait\ninputs:\n  ${declaration}\npipeline: { project: a/b, ref: main }\n`;

const conditions = [
  '*',
  'weight <= 3',
  'not weight > 3',
  'weight >= 2.5 and weight < 5',
  'env = s',
  'env != s or weight = 1',
  'weight != 3',
  'env = p and weight > 4',
  '"env in (s, p) and not weight = 3"',
];
const onNote = ['note = a', 'not note = a', 'note != b or weight = 5'];

/** A policy as it is made up. */
export interface Side {
  readonly declaration: number;
  readonly rows: readonly string[];
}

const rule = fc
  .tuple(
    fc.constantFrom('*', 'role:r1', 'role:r2', 'slack:T1/U1', 'gitlab:ana', 'gitlab-group:g1'),
    fc.constantFrom('*', 'channels:s1', 'slack:T1/C2'),
    fc.constantFrom('*', 'move', 'other', 'other'),
    fc.nat(),
    fc.constantFrom('allow', 'allow', 'deny'),
    fc.constantFrom('', '', '', ', expires=2026-11-20', ', expires=2027-01-01'),
  )
  .map(([who, channel, command, at, effect, end]) => ({ who, channel, command, at, effect, end }));

const link = fc.constantFrom(
  'g, slack:T1/U1, gitlab:ana',
  'g, slack:T1/U2, role:r1',
  'g, slack:T1/U3, role:r2',
  'g, role:r1, role:r2',
  'g, gitlab:ana, gitlab-group:g1',
  'g, gitlab-group:g1, role:r1, expires=2026-11-20',
  'g2, slack:T1/C1, channels:s1',
  'g2, slack:T1/C2, channels:s1',
);

const always = ['g, slack:T1/UX, role:r1', 'g, slack:T1/UX, role:r2', 'g2, slack:T1/CX, channels:s1'];

/** Any small policy. */
export const side: fc.Arbitrary<Side> = fc
  .tuple(
    fc.nat(declarations.length - 1),
    fc.array(rule, { minLength: 1, maxLength: 6 }),
    fc.uniqueArray(link, { maxLength: 6 }),
  )
  .map(([declaration, rules, links]) => {
    const known = declaration === 3 ? conditions : [...conditions, ...onNote];
    const rows = rules.map(({ who, channel, command, at, effect, end }) => {
      const condition = command === 'move' ? known[at % known.length] : '*';
      return `p, ${who}, ${channel}, ${command}, ${condition}, ${effect}${end}`;
    });
    return { declaration, rows: [...rows, ...links, ...always] };
  });

/** Two policies: the other is anything, or the same with one row more, fewer or changed: what reviews see most. */
export const pair = fc.oneof(
  fc.tuple(side, side),
  fc.tuple(side, side, fc.nat()).map(([one, other, at]): [Side, Side] => {
    const fewer = one.rows.filter((_, index) => index !== at % one.rows.length);
    // A policy without rules is refused.
    const rows = fewer.some((row) => row.startsWith('p,')) ? fewer : one.rows;
    return [
      one,
      {
        declaration: one.declaration,
        rows: [...new Set([...rows, ...always, ...other.rows.slice(0, 1).filter(fits)])],
      },
    ];
  }),
);
const fits = (row: string): boolean => !row.includes('note');

/** A policy that answers, and its parts as they are in force. */
export interface Compiled {
  readonly policy: Policy;
  readonly parts: PolicyParts;
}

/** Compiles what was made up, with further rows and memberships. */
export const compiled = (
  { declaration, rows }: Side,
  more: readonly string[] = [],
  memberships: readonly (readonly [string, string])[] = [],
): Compiled => {
  const files = filesWith([...rows, ...more].join('\n'), {
    'commands/move.yml': commandFile(declarations[declaration] ?? ''),
    'commands/other.yml': 'name: other\nsummary: s\nmode: wait\npipeline: { project: a/b, ref: main }\n',
  });
  const made = compileFiles(files, memberships);
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return { policy: made.policy, parts: inForceAt(made.parts, today) };
};
