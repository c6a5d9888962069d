import type { Reply } from '../core/reply.ts';

const toCaller = { audience: 'caller', final: true, parts: [] } as const;
const notAcceptedTitle = [{ text: 'Not accepted: the gateway cannot store commands right now.' }] as const;

/** The store or the audit could not be written: said when it is certain that nothing exists. */
export const notAccepted = (requestId: string): Reply => ({
  ...toCaller,
  tone: 'bad',
  title: notAcceptedTitle,
  parts: [
    { part: 'lines', lines: [[{ text: 'Nothing was done. Please try again in a minute.' }]] },
    { part: 'footer', line: reference(requestId) },
  ],
});

/** The store took the command or it did not: nobody knows yet. */
export const perhapsAccepted = (requestId: string): Reply => ({
  ...toCaller,
  tone: 'warned',
  title: [
    { text: 'It is not known whether the command was accepted: the gateway lost touch with its store.' },
  ],
  parts: [
    {
      part: 'lines',
      lines: [
        [
          { text: 'If it was, its message appears here. Look with ' },
          { text: '/chatops runs mine', style: 'code' },
          { text: ' before you type it again.' },
        ],
      ],
    },
    { part: 'footer', line: reference(requestId) },
  ],
});

/** A fault of ours. */
export const wentWrong = (requestId: string): Reply => ({
  ...toCaller,
  tone: 'bad',
  title: [{ text: 'Something went wrong inside the gateway.' }],
  parts: [
    {
      part: 'lines',
      lines: [
        [{ text: 'Nothing was started. If it happens again, tell whoever runs the gateway the reference.' }],
      ],
    },
    { part: 'footer', line: reference(requestId) },
  ],
});

/** Said when the real answer takes longer than the chat app waits. */
export const workingOnIt: Reply = {
  ...toCaller,
  tone: 'busy',
  title: [{ text: 'Working on it; the answer follows here.' }],
  final: false,
};

const reference = (requestId: string) =>
  [{ text: 'reference ' }, { text: requestId, style: 'code' }] as const;
