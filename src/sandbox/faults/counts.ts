/** How often each thing happened since the beginning. */
export interface Counts {
  add(name: string): void;
  all(): Readonly<Record<string, number>>;
}

/** Counts from nothing. */
export function createCounts(): Counts {
  const counts = new Map<string, number>();
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    all: () => Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
