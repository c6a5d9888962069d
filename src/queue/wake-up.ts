/** All that a wake-up carries. */
export interface WakeUp {
  readonly runId: string;
  readonly urgent: boolean;
}

/** BullMQ's name for the one queue there is. */
export const queueName = 'chatops-wake';

/** The hash tag keeps all keys of the queue in one slot of a Redis Cluster. */
export const prefix = '{chatops}';
