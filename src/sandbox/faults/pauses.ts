/** Things that happen later, unless the world ends before. */
export interface Pauses {
  /** 0 happens at once, before this returns. */
  after(milliseconds: number, act: () => void): void;
  /** Forgets everything that has not happened. */
  close(): void;
}

/** Makes the list of what is to happen later. */
export function createPauses(): Pauses {
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;
  return {
    after(milliseconds, act) {
      if (closed) return;
      if (milliseconds <= 0) return act();
      const timer = setTimeout(() => {
        timers.delete(timer);
        act();
      }, milliseconds);
      timers.add(timer);
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
