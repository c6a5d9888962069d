const rounds = 9;

const nanoseconds = (work: () => unknown): number => {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from);
};

/**
 * How many times more work a text of four times the length makes: about 4 when work grows with the length, about 16 when with its
 * square. The least of several rounds counts, short and long in turn, so that what else the machine does cancels out.
 */
export const growth = (size: number, textOf: (size: number) => string, work: (text: string) => unknown) => {
  const [short, long] = [textOf(size), textOf(4 * size)];
  work(long);
  const costs = Array.from({ length: rounds }, () => ({
    short: nanoseconds(() => work(short)),
    long: nanoseconds(() => work(long)),
  }));
  return Math.min(...costs.map((cost) => cost.long)) / Math.min(...costs.map((cost) => cost.short));
};
