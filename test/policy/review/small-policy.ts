import { type FilesRead, policyFilesOf } from '../../../src/policy/files.ts';

const lb = `
name: lb weight
summary: Change the share of traffic a backend gets
mode: wait
inputs:
  weight: { type: integer, min: 0, max: 100 }
  env: { type: string, options: [staging, production], default: staging }
pipeline: { project: ops/ansible, ref: main, pass: inputs }
examples: [ lb weight 10 ]
`;

export const csv = `g, slack:T1/UANA, role:sre
g, slack:T1/UBO, role:dev
g2, slack:T1/COPS, channels:ops
p, role:sre, channels:ops, lb weight, *, allow
p, role:dev, channels:ops, lb weight, env = staging and weight <= 5, allow
`;

export const more = csv.replace('<= 5', '<= 25');

const cases = `
suite: lb
cases:
  - { allow: { as: slack:T1/UANA, in: slack:T1/COPS, run: lb weight 10 } }
`;

/** A policy folder with one command; a file that is undefined is left out. */
export const policyWith = (files: Readonly<Record<string, string | undefined>> = {}): FilesRead => {
  const all = { 'policy.csv': csv, 'commands/lb.yml': lb, 'cases/lb.yml': cases, ...files };
  const bytes = Object.entries(all).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, Buffer.from(text)] as const],
  );
  return policyFilesOf(new Map(bytes));
};

export const around = {
  settings: { reserved: ['help'], uses: [] },
  memberships: [],
  now: Date.parse('2026-01-01'),
};
