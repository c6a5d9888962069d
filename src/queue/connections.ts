import type { ConnectionOptions } from 'bullmq';

/** The connections to one Redis, as the queue sees them. They stay the caller's, who closes them after the queue. */
export interface QueueConnections {
  /** Fails fast (no offline queue): for waking. */
  readonly client: ConnectionOptions;
  /** Resolves when the first try of `client` to connect has ended. */
  readonly tried: () => Promise<void>;
  /** Resolves when `client` is connected. */
  readonly ready: () => Promise<void>;
  /** Makes a connection that waits as long as it takes (`maxRetriesPerRequest: null`): for being woken. */
  readonly patient: () => ConnectionOptions;
}
