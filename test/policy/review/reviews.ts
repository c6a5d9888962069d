import type { About } from '../../../src/policy/review/about.ts';
import type { Review } from '../../../src/policy/review/review.ts';

export const about: About = {
  project: 'chatops/policies',
  folder: 'policies',
  page: 'https://gitlab.test/chatops/policies',
  iid: 3,
  source: 'a'.repeat(40),
  target: 'b'.repeat(40),
  targetBranch: 'main',
  base: 'b'.repeat(40),
};

const rule = {
  file: 'policy.csv',
  line: 14,
  who: 'role:dev',
  channel: 'channels:dev',
  command: 'lb *',
  condition: 'env = staging and weight <= 25',
  effect: 'allow',
} as const;

/** A change with nothing against it. */
export const good: Review = {
  verdict: { ok: true },
  lint: { fresh: [], before: 0 },
  cases: {
    mistakes: [],
    results: [
      { file: 'cases/lb.yml', line: 3, suite: 'lb', name: 'a', passed: true, expected: 'x', got: 'x' },
    ],
    coverage: { rules: 12, decided: 12, undecided: [] },
  },
  mutants: { mutants: 33, noticed: 31, equivalent: 2, refused: 0, survivors: [], complete: true },
  access: {
    kind: 'compared',
    markdown: '➕ **2 people** gain `lb weight` in `channels:dev`; example: `bo: lb weight web 10`',
    words: '2 people gain',
    forbidden: [],
  },
  commands: [],
  endings: [],
  newGroups: [],
  replay: undefined,
};

/** A change with everything against it that there can be. */
export const bad: Review = {
  verdict: { ok: false, because: 'policy.csv:9: the command "lbx" means none of the declared commands' },
  lint: {
    fresh: [
      {
        file: 'policy.csv',
        line: 9,
        code: 'unknown-command',
        severity: 'error',
        text: 'the command "lbx" means none',
      },
      ...Array.from({ length: 90 }, (_, at) => ({
        file: 'commands/lb weight.yml',
        line: at + 1,
        code: 'unguarded' as const,
        severity: 'warning' as const,
        text: `warning ${at + 1}`,
      })),
    ],
    before: 3,
  },
  cases: {
    mistakes: [{ file: 'cases/lb.yml', line: 1, code: 'yaml', text: 'is not YAML' }],
    results: [
      {
        file: 'cases/lb.yml',
        line: 3,
        suite: 'lb',
        name: 'ana: lb weight web 10',
        passed: false,
        expected: 'allow',
        got: 'deny: no rule',
      },
    ],
    coverage: { rules: 12, decided: 11, undecided: [rule] },
  },
  mutants: {
    mutants: 33,
    noticed: 31,
    equivalent: 1,
    refused: 0,
    survivors: [{ file: 'policy.csv', line: 14, text: 'p, role:dev … were dropped' }],
    complete: true,
  },
  access: {
    kind: 'not compared',
    because: 'The policy has mistakes, so nobody can tell what it would allow.',
  },
  commands: ['- `lb weight`, `danger`: `some` → `none`'],
  endings: [
    { file: 'policy.csv', line: 8, row: 'g, slack:T1/U2, role:sre', was: '2026-12-01', is: '2027-01-31' },
  ],
  newGroups: ['gitlab-group:app/new'],
  replay: '3 of 1,204 decisions would be different',
};
