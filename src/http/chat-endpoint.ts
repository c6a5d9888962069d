import type { Incoming, Invocation, Press } from '../core/invocation.ts';
import type { Reply, ReplySender } from '../core/reply.ts';
import type { RawRequest, Refusal } from './raw.ts';

/** A verified request: how to know it again, and what it says. Only a verified one can be read. */
export interface Verified {
  readonly ok: true;
  readonly replayKey: string;
  parse(which: 'commands' | 'interactions'): { readonly ok: true; readonly incoming: Incoming } | Refusal;
}

/** A chat app as its routes need it. */
export interface ChatEndpoint {
  readonly app: string;
  readonly commandsPath: string;
  readonly interactionsPath: string;
  /** An unsigned request that is answered 200 and otherwise ignored. */
  isHandshake(raw: RawRequest): boolean;
  verify(raw: RawRequest): Verified | Refusal;
  /** The body that shows this reply as the answer to a command; null: an empty one. */
  answer(reply: Reply | null): object | null;
  readonly sender: ReplySender;
}

/** What the routes need of the gateway. Rejects only when it cannot go on; then nothing was done. */
export interface CommandGateway {
  receive(invocation: Invocation): Promise<Reply | null>;
  press(press: Press): Promise<Reply | null>;
}
