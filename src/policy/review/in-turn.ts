/** Things that wait to be looked at: each once, however often it was asked for, and one after another. */
export interface InTurn {
  /** Asks for a look. What is being looked at now is looked at once more. */
  add(id: number): void;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
  /** Takes nothing new and looks at nothing that still waits. */
  stop(): void;
}

/** Looks with `lookAt`, which must not reject; of more than `most` that wait the newest are not remembered. */
export const createInTurn = (most: number, lookAt: (id: number) => Promise<void>): InTurn => {
  const waiting = new Set<number>();
  let stopped = false;
  let working: Promise<void> | undefined;

  const work = async (): Promise<void> => {
    for (const id of waiting) {
      if (stopped) break;
      waiting.delete(id);
      await lookAt(id);
    }
    working = undefined;
  };

  return {
    add: (id) => {
      if (stopped || (waiting.size >= most && !waiting.has(id))) return;
      waiting.add(id);
      working ??= work();
    },
    settled: async () => {
      while (working !== undefined) await working;
    },
    stop: () => {
      stopped = true;
    },
  };
};
