import { backquoted } from './inline.ts';
import type { Passage } from './marks.ts';
import { type Language, readPassages } from './passages.ts';
import { readReference } from './reference.ts';

const language: Language = {
  markdown: false,
  code: backquoted,
  styles: [
    ['*', 'strong'],
    ['_', 'emphasis'],
    ['~', 'strike'],
  ],
  reference: /<([^<>\n]+)>/y,
  read: (found) => readReference(found[1] ?? ''),
};

/** Reads Slack's `mrkdwn` (https://docs.slack.dev/messaging/formatting-message-text/). Never fails: the rest is text. */
export function readMrkdwn(text: string): readonly Passage[] {
  return readPassages(text, language);
}
