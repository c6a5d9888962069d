import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shown } from './campaign.ts';
import { figures, table } from './report.ts';

/** Where what a campaign of that seed left behind is kept. */
export const keptIn = (seed: string): string => join(import.meta.dirname, '../../.cache/faults', seed);

/** Keeps a campaign's table, figures and ledgers in that folder. */
export const keep = (dir: string, shown: Shown): void => {
  mkdirSync(dir, { recursive: true });
  const { violations, happenings, ledgers } = shown;
  writeFileSync(join(dir, 'table.md'), table(shown));
  writeFileSync(join(dir, 'figures.json'), JSON.stringify(figures(shown), null, 2));
  writeFileSync(join(dir, 'ledgers.json'), JSON.stringify({ violations, happenings, ledgers }));
};

/** Keeps also the audits, logs and Redis' files, for a campaign that failed. Answers where. */
export const keepAll = (shown: Shown): string => {
  const dir = keptIn(shown.plan.seed);
  keep(dir, shown);
  cpSync(shown.plan.dir, join(dir, 'world'), { recursive: true, force: true });
  return dir;
};
