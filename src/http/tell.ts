import { setTimeout as wait } from 'node:timers/promises';
import type { ReplyAddress } from '../core/invocation.ts';
import type { Reply, ReplySender } from '../core/reply.ts';

const tries = 3;
const longestWaitMs = 5000;

/** Sends a reply that no run stands behind, a few times if need be; what cannot be told is logged. Never rejects. */
export async function tell(
  sender: ReplySender,
  to: ReplyAddress,
  reply: Reply,
  log: { warn(fields: object, message: string): void },
): Promise<void> {
  let address = to;
  for (let left = tries - 1; ; left -= 1) {
    const sent = await sender.send(address, reply);
    if (sent.sent) return;
    if (left === 0 || sent.tryAgainAfterMs === null) {
      log.warn({ problem: sent.problem }, 'answer could not be sent');
      return;
    }
    address = sent.address;
    await wait(Math.min(sent.tryAgainAfterMs, longestWaitMs));
  }
}
