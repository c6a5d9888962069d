/** Work that goes on after its request was answered. */
export interface Background {
  /** `work` must not reject. */
  add(work: Promise<unknown>): void;
  /** Resolves when all of it is done. */
  settled(): Promise<void>;
}

/** Keeps hold of work in hand so that a clean stop can wait for it. */
export function createBackground(): Background {
  const inHand = new Set<Promise<unknown>>();
  return {
    add(work) {
      const tracked: Promise<unknown> = work.finally(() => inHand.delete(tracked));
      inHand.add(tracked);
    },
    async settled() {
      while (inHand.size > 0) await Promise.allSettled(inHand);
    },
  };
}
