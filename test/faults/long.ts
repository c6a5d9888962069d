import { join } from 'node:path';
import { runCampaign } from './campaign.ts';
import { freshSeed } from './dice.ts';
import { keep, keptIn } from './keep.ts';
import { longPlan, shortPlan } from './plans.ts';
import { table } from './report.ts';

// The long campaign, or the short one of the tests (PLAN=short): its table goes to the terminal; table, figures and all that was
// found go into .cache/faults/<seed>.
const { SEED: seed = freshSeed(Date.now()), COMMANDS, PLAN } = process.env;
const dir = keptIn(seed);
process.stdout.write(`SEED=${seed}; everything it leaves behind is in ${dir}\n`);

const world = join(dir, `world-${Date.now()}`);
const commands = COMMANDS === undefined ? undefined : Number(COMMANDS);
const shown = await runCampaign(PLAN === 'short' ? shortPlan(seed, world) : longPlan(seed, world, commands));

keep(dir, shown);
process.stdout.write(table(shown));
const { violations, doubts } = shown;
for (const { broken, of, words } of violations.slice(0, 50))
  process.stdout.write(`${broken} ${of}: ${words}\n`);
process.exitCode = violations.length === 0 && doubts.length === 0 ? 0 : 1;
