import type { ReplyAddress } from '../../core/invocation.ts';
import type { Reply, ReplySender, Sent } from '../../core/reply.ts';
import { readReplyAddress, type SlackAddress, toReplyAddress } from './address.ts';
import {
  byResponseUrl,
  editOwn,
  postDirectly,
  postEphemeral,
  postInChannel,
  type Rung,
  type SendingParts,
} from './rungs.ts';

/** Best route first; each one below needs less to be open. */
const ladders: Readonly<Record<Reply['audience'], readonly Rung[]>> = {
  channel: [editOwn, postInChannel, byResponseUrl, postDirectly],
  caller: [editOwn, byResponseUrl, postEphemeral, postDirectly],
};

/** Shows replies in Slack: one message that is edited where the bot may write, at the response_url or directly where it may not. */
export const createSlackSender = (parts: SendingParts): ReplySender => ({
  send: async (address, reply) => {
    const read = readReplyAddress(address);
    if (read === undefined) return failed(address, null, 'the reply address is not one of Slack');
    try {
      return await climbDown(parts, read, reply);
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : 'something was thrown';
      return failed(address, null, `rendering or sending a reply: ${problem}`);
    }
  },
});

async function climbDown(parts: SendingParts, from: SlackAddress, reply: Reply): Promise<Sent> {
  const reasons: string[] = [];
  let address = from;
  for (const rung of ladders[reply.audience]) {
    const step = await rung(parts, reply, address);
    address = step.address;
    if (step.step === 'shown') return { sent: true, address: toReplyAddress(address) };
    if (step.step === 'later') return failed(toReplyAddress(address), step.afterMs, step.because);
    reasons.push(step.because);
  }
  const { team, channel } = address;
  const problem = `nobody could be told: ${[...new Set(reasons)].join('; ')}`;
  parts.log.warn({ team, channel, problem }, 'reply lost: no route to people is open');
  return failed(toReplyAddress(address), null, problem);
}

const failed = (address: ReplyAddress, tryAgainAfterMs: number | null, problem: string): Sent => ({
  sent: false,
  tryAgainAfterMs,
  problem,
  address,
});
