import type { ReplyAddress } from '../../core/invocation.ts';
import type { Reply, ReplySender, Sent } from '../../core/reply.ts';
import { readReplyAddress, type SlackAddress, toReplyAddress } from './address.ts';
import type { SlackAnswer } from './answer.ts';
import type { SlackClient } from './client.ts';
import { createHolds, type Holds } from './holds.ts';
import {
  byResponseUrl,
  editOwn,
  postDirectly,
  postEphemeral,
  postInChannel,
  type Rung,
  type Sending,
  type SendingParts,
} from './rungs.ts';

/** A channel in which a message may or may not have been shown is left alone for this long. Milliseconds. */
const unknownPauseMs = 2000;

/** Best route first; each one below needs less to be open. */
const ladders: Readonly<Record<Reply['audience'], readonly Rung[]>> = {
  channel: [editOwn, postInChannel, byResponseUrl, postDirectly],
  caller: [editOwn, byResponseUrl, postEphemeral, postDirectly],
};

/** Shows replies in Slack: one message that is edited where the bot may write, at the response_url or directly where it may not. */
export const createSlackSender = (parts: SendingParts): ReplySender => {
  const holds = createHolds();
  return {
    send: async (address, reply) => {
      const read = readReplyAddress(address);
      if (read === undefined) return failed(address, null, 'the reply address is not one of Slack');
      try {
        return await climbDown(sendingOf(parts, holds, read.team, reply.final), read, reply);
      } catch (thrown) {
        const problem = thrown instanceof Error ? thrown.message : 'something was thrown';
        return failed(address, null, `rendering or sending a reply: ${problem}`);
      }
    },
  };
};

/** No call goes where Slack wants to be left alone, or just failed: other runs write there too. */
const carefully =
  (holds: Holds, now: () => number, team: string, verdict: boolean): Sending['call'] =>
  async (where, made) => {
    const place = `${team}/${where}`;
    const wait = holds.ask(place, verdict, now());
    if (wait > 0)
      return { answer: 'later', afterMs: wait, because: 'the channel is left alone for now', held: true };
    const answer = await made();
    if (answer.answer === 'later') holds.failed(place, answer.afterMs, verdict, now());
    else if (answer.answer === 'unknown') holds.failed(place, unknownPauseMs, verdict, now());
    else holds.answered(place, now());
    return answer;
  };

function sendingOf(parts: SendingParts, holds: Holds, team: string, verdict: boolean): Sending {
  const call = carefully(holds, parts.now, team, verdict);
  const { client } = parts;
  if (client === undefined) return { ...parts, call };
  const careful: SlackClient = {
    call: (method, fields): Promise<SlackAnswer> =>
      call(String(fields.channel ?? fields.users), () => client.call(method, fields)),
  };
  return { ...parts, client: careful, call };
}

async function climbDown(parts: Sending, from: SlackAddress, reply: Reply): Promise<Sent> {
  const reasons: string[] = [];
  let address = from;
  for (const rung of ladders[reply.audience]) {
    const step = await rung(parts, reply, address);
    address = step.address;
    if (step.step === 'shown') return { sent: true, address: toReplyAddress(address) };
    if (step.step === 'later') {
      const later = failed(toReplyAddress(address), step.afterMs, step.because);
      return step.held ? { ...later, held: true } : later;
    }
    reasons.push(step.because);
  }
  const { team, channel } = address;
  const problem = `nobody could be told: ${[...new Set(reasons)].join('; ')}`;
  parts.log.warn({ team, channel, problem }, 'reply lost: no route to people is open');
  return failed(toReplyAddress(address), null, problem);
}

const failed = (
  address: ReplyAddress,
  tryAgainAfterMs: number | null,
  problem: string,
): Extract<Sent, { sent: false }> => ({
  sent: false,
  tryAgainAfterMs,
  problem,
  address,
});
