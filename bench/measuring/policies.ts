import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwAwayFolder } from './programs.ts';

const root = join(import.meta.dirname, '../..');

/** The people and the channel of the measurements. */
export const team = 'T1';
export const channel = 'COPS';
export const userName = (at: number): string => `U${at}`;

const commandFile = (name: string, project: string, mode: string): string => `name: ${name}
summary: { en: For measuring }
mode: ${mode}
inputs:
  backend: { type: string, options: [web, api] }
  weight: { type: integer, min: 0, max: 100 }
  env: { type: string, options: [staging, production], default: staging }
pipeline: { project: ${project}, ref: main, pass: variables }
limits: { perCaller: 9999/min, startWithin: 10m, waitAtMost: 2h }
`;

/** What a policy of a measurement holds. Command `task <n>` runs in `ops/p<n>`. */
export interface PolicySize {
  readonly users: number;
  readonly commands: number;
  /** Further rules that speak of other roles. */
  readonly otherRules: number;
}

const csvOf = ({ users, commands, otherRules }: PolicySize): string => {
  const others = Array.from(
    { length: otherRules },
    (_, at) => `p, role:r${at}, channels:ops, task ${at % commands}, weight <= ${at % 100}, allow`,
  );
  return [
    ...Array.from({ length: users }, (_, at) => `g, slack:${team}/${userName(at)}, role:sre`),
    `g2, slack:${team}/${channel}, channels:ops`,
    'p, role:sre, channels:ops, *, *, allow',
    'p, *, *, task *, env = production and weight > 50, deny',
    ...others,
    ...others.map((_, at) => `g, slack:${team}/OTHER${at}, role:r${at}`),
    '',
  ].join('\n');
};

/** Writes a policy folder and answers where it is. */
export const writePolicies = (size: PolicySize, mode: 'wait' | 'link' = 'wait'): string => {
  const folder = throwAwayFolder();
  mkdirSync(join(folder, 'commands'));
  writeFileSync(join(folder, 'model.conf'), readFileSync(join(root, 'policies/model.conf')));
  writeFileSync(join(folder, 'policy.csv'), csvOf(size));
  for (let at = 0; at < size.commands; at += 1)
    writeFileSync(join(folder, `commands/task-${at}.yml`), commandFile(`task ${at}`, `ops/p${at}`, mode));
  return folder;
};
