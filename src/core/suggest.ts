/** Optimal-string-alignment distance: insert, delete, replace, and swap of neighbours cost one each. */
export const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(
        (rows[i - 1]?.[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (rows[i - 1]?.[j - 1] ?? 0) + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
};

/** Longest text that is compared; a longer one is no typo of ours, and comparing is quadratic. */
const longest = 60;

/**
 * The candidates a typo may have meant, nearest first, at most `most`: within two edits (one for words under five letters),
 * or begun by what was typed.
 */
export const nearest = (typed: string, candidates: readonly string[], most = 3): readonly string[] => {
  const word = typed.toLowerCase();
  if (word === '' || word.length > longest) return [];
  const allowed = word.length < 5 ? 1 : 2;
  return candidates
    .map((candidate) => ({
      candidate,
      away: distance(word, candidate.toLowerCase()),
      begun: candidate.startsWith(word),
    }))
    .filter(({ away, begun }) => away <= allowed || begun)
    .sort((a, b) => a.away - b.away || a.candidate.localeCompare(b.candidate, 'en'))
    .slice(0, most)
    .map(({ candidate }) => candidate);
};
