import type { Message, State } from '../../src/sandbox/slack/types.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** All that a message says: its text and the words of its blocks. */
export const saidBy = (message: Message): string => `${message.text}\n${JSON.stringify(message.blocks)}`;

/** What a person does on the sandbox's page, over plain HTTP. */
export const createChatClient = (url: string) => {
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', origin: url };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.status !== 204) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  };
  const state = async (as: string): Promise<State> => {
    const response = await fetch(`${url}/sandbox/state?as=${as}`);
    return (await response.json()) as State;
  };
  const messages = async (as: string): Promise<readonly Message[]> => (await state(as)).messages;

  /** The newest message that this person sees and that says so; waits for it. */
  const sees = async (as: string, pattern: RegExp, ms = 30_000): Promise<Message> => {
    const end = Date.now() + ms;
    for (;;) {
      const all = await messages(as);
      const found = all.toReversed().find((message) => pattern.test(saidBy(message)));
      if (found !== undefined) return found;
      if (Date.now() > end) {
        const last = all.slice(-3).map(saidBy).join('\n---\n');
        throw new Error(`${as} never saw ${pattern}; the last messages:\n${last}`);
      }
      await pause(50);
    }
  };
  return {
    state,
    messages,
    sees,
    type: (as: string, channel: string, text: string) => post('/sandbox/type', { as, channel, text }),
    /** Presses the button of that action on a message as it stands now. */
    press: async (as: string, { ts, channel }: Message, actionId: string): Promise<void> => {
      const now = (await messages(as)).find((message) => message.ts === ts && message.channel === channel);
      const block = now?.blocks.find((each) => JSON.stringify(each).includes(`"${actionId}"`));
      await post('/sandbox/press', { as, channel, ts, blockId: String(block?.block_id ?? ''), actionId });
    },
  };
};
