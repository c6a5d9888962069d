import type { PolicyInForce } from '../../src/core/built-in.ts';
import type { Command } from '../../src/core/command.ts';
import type { Rule } from '../../src/core/decision.ts';
import { command } from '../support/commands.ts';

const rule: Rule = {
  file: 'policy.csv',
  line: 1,
  who: '*',
  channel: '*',
  command: '*',
  condition: '*',
  effect: 'allow',
};

const deploy = (name: string, startWithinMs: number): Command =>
  command({
    name,
    inputs: [{ name: 'service', type: 'string', required: true }],
    limits: { perCaller: undefined, startWithinMs, waitAtMostMs: 30 * 60_000 },
  });

/** `hurry` may be started for two minutes, as usual; `patient` for so long that a lost start can be repeated. */
const commands: readonly Command[] = [deploy('hurry', 120_000), deploy('patient', 15 * 60_000)];

/** Everybody may do everything: what happens after an allow is what is looked at. */
export const openPolicy: PolicyInForce = {
  revision: 'r1',
  commands,
  decide: () => ({ allowed: true, rule, revision: 'r1' }),
  rolesOf: () => [],
  personOf: () => undefined,
  offered: () => commands.map(({ name }) => name),
};
