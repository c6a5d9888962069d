/**
 * Resolves with the exit code once a signal has stopped what runs. A second signal ends the process at once: somebody is
 * in a hurry, and what was accepted is stored.
 */
export const untilStopped = (close: () => Promise<void>): Promise<number> =>
  new Promise((resolve) => {
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(130);
      stopping = true;
      close().then(
        () => resolve(0),
        (error: unknown) => {
          process.stderr.write(`stopping: ${error instanceof Error ? error.message : String(error)}\n`);
          resolve(1);
        },
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
