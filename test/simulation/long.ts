import fc from 'fast-check';
import { type Plan, plansOf, skewMost, type Wildness } from './plan.ts';
import { simulate } from './simulate.ts';

/** By name, from what must hold to what is known to be too much. */
const wildnesses: Readonly<Record<string, Wildness>> = {
  once: { skewMs: 0, comesAgain: false },
  skewed: { skewMs: skewMost, comesAgain: false },
  again: { skewMs: 0, comesAgain: true },
  all: { skewMs: skewMost, comesAgain: true },
};

interface Found {
  readonly broken: string;
  readonly words: string;
  readonly seed: number;
  readonly plan: Plan;
}

/**
 * Simulates histories until the minutes are over, and answers how many and what was found. Each batch has a seed of its own, one
 * above the last. Chance and clock come from whoever calls.
 */
export const simulateFor = async (wildness: Wildness, firstSeed: number, isOver: () => boolean) => {
  const found: Found[] = [];
  let runs = 0;
  let pipelines = 0;
  for (let seed = firstSeed; !isOver(); seed++) {
    for (const plan of fc.sample(plansOf(wildness), { seed, numRuns: 100 })) {
      const shown = await simulate(plan);
      runs += 1;
      pipelines += shown.pipelines.length;
      for (const { broken, words } of shown.violations) found.push({ broken, words, seed, plan });
    }
  }
  return { runs, pipelines, found };
};

/** `<wildness> <minutes> <first seed>`; to be bundled first, as `test/faults/run.mjs` does with its own `long.ts`. */
const main = async ([name = 'once', minutes = '10', firstSeed = '1']: readonly string[]): Promise<void> => {
  const wildness = wildnesses[name];
  if (wildness === undefined) throw new Error(`there is no wildness ${name}`);
  const until = Date.now() + Number(minutes) * 60_000;
  const { runs, pipelines, found } = await simulateFor(wildness, Number(firstSeed), () => Date.now() > until);
  for (const one of found) console.log(JSON.stringify(one));
  console.log(`${name}: ${runs} histories, ${pipelines} pipelines, ${found.length} violations`);
};

await main(process.argv.slice(2));
