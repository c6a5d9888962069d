/** The value below which that share (0 to 1) of the numbers lies; NaN of none. */
export const quantile = (numbers: readonly number[], share: number): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** The middle one. */
export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** Ratios of two series that were measured in the same rounds, and of those the middle one. */
export const medianRatio = (numbers: readonly number[], to: readonly number[]): number =>
  median(numbers.map((value, at) => value / (to[at] ?? Number.NaN)));

/** Numbers in few digits: 4.37, 12.8, 3,120. */
export const plain = (value: number): string => {
  if (Number.isNaN(value)) return '-';
  if (!Number.isFinite(value)) return 'never';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
};

/** Prints a table that can be pasted into a Markdown file. */
export const printTable = (
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void => {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? plain(cell) : cell)));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width))).join(' | ')} |`;
  console.log(line(columns));
  console.log(
    `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`,
  );
  for (const row of cells) console.log(line(row));
};
