import { type Finding, type FindingCode, lintCodes, type Report } from './finding.ts';

/** Whoever mends so many of one kind sees the next. */
const mostOfOneCode = 200;

/** Gathers what lint finds by itself. */
export interface FindingList {
  readonly report: Report;
  /** At most 200 of one code, then one that counts the rest, as far as it was looked for. */
  all(): readonly Finding[];
}

/** An empty list to gather findings in; a hostile policy must not fill the memory with them. */
export const createFindingList = (): FindingList => {
  const found: Finding[] = [];
  const counts = new Map<FindingCode, number>();
  const last = new Map<FindingCode, Finding>();
  return {
    report({ file, line }, code, text) {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count > mostOfOneCode) return;
      const one: Finding = { file, line, code, severity: lintCodes[code].severity, text };
      found.push(one);
      last.set(code, one);
    },
    all: () => [
      ...found,
      ...[...last].flatMap(([code, one]) => {
        const more = (counts.get(code) ?? 0) - mostOfOneCode;
        return more > 0 ? [{ ...one, text: `and at least ${more} more of ${code}` }] : [];
      }),
    ],
  };
};
