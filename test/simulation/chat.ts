import type { ReplyAddress } from '../../src/core/invocation.ts';
import type { Reply, ReplySender, Sent } from '../../src/core/reply.ts';
import type { Dice } from '../faults/dice.ts';
import type { Calls } from './calls.ts';
import type { Faults } from './faults.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** What chat shows of a delivery. */
export interface Message {
  readonly delivery: string;
  readonly final: boolean;
  readonly title: string;
}

export interface ChatParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly dice: Dice;
  readonly fails: number;
}

/** The words of a reply's title. */
export const titleOf = ({ title }: Reply): string =>
  title.map((span) => ('text' in span ? span.text : '')).join('');

/** A chat app; a reply's address is the delivery that it answers. */
export const createSimulatedChat = ({ scheduler, faults, calls, dice, fails }: ChatParts) => {
  const messages: Message[] = [];
  let awayUntil = 0;

  const show = (address: ReplyAddress, reply: Reply): Sent => {
    if (scheduler.now() < awayUntil)
      return { sent: false, tryAgainAfterMs: 1000, problem: 'chat is away', address };
    messages.push({ delivery: String(address.to), final: reply.final, title: titleOf(reply) });
    return { sent: true, address };
  };

  return {
    messages: (): readonly Message[] => messages,
    away: (ms: number): void => {
      awayUntil = Math.max(awayUntil, scheduler.now() + ms);
    },
    senderOf: (life: Life): ReplySender => ({
      send: (address, reply) => {
        const lost = !faults.isCalm() && dice.chance(fails);
        const failed = { sent: false, tryAgainAfterMs: 1000, problem: 'no answer', address } as const;
        return calls({ life, point: 'chat.send', lost, effect: () => show(address, reply) }).catch(
          () => failed,
        );
      },
    }),
  };
};

export type SimulatedChat = ReturnType<typeof createSimulatedChat>;
