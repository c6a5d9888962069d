import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';
import { pathOf } from './paths.ts';

/** One for each finding. It stays when lines move, whatever lines the text speaks of; several alike in one file are numbered. */
export const fingerprintsOf = (findings: readonly Finding[], folder: string): readonly string[] => {
  const seen = new Map<string, number>();
  return findings.map((one) => {
    const key = JSON.stringify([pathOf(one, folder), one.code, one.text.replace(/:\d+/g, '')]);
    const number = seen.get(key) ?? 0;
    seen.set(key, number + 1);
    return createHash('sha256').update(`${key}${number}`).digest('hex').slice(0, 32);
  });
};
