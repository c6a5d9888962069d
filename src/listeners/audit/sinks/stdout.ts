import type { Sink } from './sink.ts';

/** Writes each line as it is. */
export const createStdoutSink = (write: (line: string) => void): Sink => ({
  name: 'stdout',
  gatherMs: 50,
  send: async (lines) => {
    for (const { text } of lines) write(text);
    return { sent: true, passedOver: [] };
  },
});
