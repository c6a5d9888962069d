/** Node fires at once when asked to wait longer (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
const longestTimer = 2 ** 31 - 1;

/** Calls `act` after that time, however long; the answer calls it off. The timer keeps no process alive. */
export const after = (ms: number, act: () => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const arm = (left: number): void => {
    const step = Math.min(left, longestTimer);
    timer = setTimeout(() => (left > step ? arm(left - step) : act()), step);
    timer.unref();
  };
  arm(Math.max(0, Number.isFinite(ms) ? ms : longestTimer));
  return () => clearTimeout(timer);
};

/** Waits for something, but not longer than that time. True when it came to its end, well or badly. */
export const endsWithin = async (ms: number, ending: Promise<unknown>): Promise<boolean> => {
  let cancel = (): void => undefined;
  const late = new Promise<false>((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    cancel = () => clearTimeout(timer);
  });
  const ended = ending.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, late]).finally(() => cancel());
};
