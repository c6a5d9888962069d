import type { ServerResponse } from 'node:http';
import type { Exchanges } from './exchanges.ts';
import type { PageEvent } from './types.ts';
import { audienceOf, type Workspace } from './workspace.ts';

/** The open event lines of the sandbox's pages. */
export interface PageEvents {
  /** Answers with server-sent events of what this person may see, until the page or `close` ends it. */
  open(response: ServerResponse, personId: string): void;
  close(): void;
}

const heartbeat = 15_000;
/** A page that does not read is cut off here, in bytes; it reconnects by itself. */
const unreadAtMost = 4 * 1024 * 1024;

/** Makes the list of open event lines. */
export function createPageEvents(workspace: Workspace, exchanges: Exchanges): PageEvents {
  const open = new Set<ServerResponse>();
  return {
    open(response, personId) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.write(': open\n\n');
      const send = ({ event, value }: PageEvent) => {
        response.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
        if (response.writableLength > unreadAtMost) response.destroy();
      };
      const stops = [
        workspace.listen((value) => {
          if (workspace.sees(personId, audienceOf(value))) send({ event: 'message', value });
        }),
        exchanges.listen((value, audience) => {
          if (workspace.sees(personId, audience)) send({ event: 'exchange', value });
        }),
      ];
      const beat = setInterval(() => response.write(': here\n\n'), heartbeat);
      open.add(response);
      response.on('close', () => {
        clearInterval(beat);
        for (const stop of stops) stop();
        open.delete(response);
      });
    },
    close() {
      for (const response of open) response.end();
    },
  };
}
