import { checkBlocks } from './blocks.ts';
import { isRecord } from './shape.ts';
import type { Block } from './types.ts';

/** A message that an app answers with, to a command or at a response_url. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly inChannel: boolean;
  readonly replaceOriginal: boolean;
  readonly deleteOriginal: boolean;
  readonly threadTs: string | null;
}

/** A content, or Slack's word for what is wrong with it. */
export type ParsedContent =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly error: string; readonly messages: readonly string[] };

/** Reads a JSON value as a message (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). */
export function parseContent(value: unknown): ParsedContent {
  if (!isRecord(value)) return refused('invalid_payload');
  const { text = '', blocks = [], response_type: type = 'ephemeral', thread_ts: thread } = value;
  if (typeof text !== 'string') return refused('invalid_payload', ['text must be a string']);
  if (type !== 'ephemeral' && type !== 'in_channel')
    return refused('invalid_payload', ['response_type is unknown']);
  const checked = checkBlocks(blocks);
  if (!checked.ok) return refused(checked.error, checked.messages);
  return {
    ok: true,
    content: {
      text,
      blocks: checked.blocks,
      inChannel: type === 'in_channel',
      replaceOriginal: value.replace_original === true,
      deleteOriginal: value.delete_original === true,
      threadTs: typeof thread === 'string' ? thread : null,
    },
  };
}

/** Whether there is anything to show. */
export function isEmpty(content: Content): boolean {
  return content.text.trim() === '' && content.blocks.length === 0;
}

function refused(error: string, messages: readonly string[] = []): ParsedContent {
  return { ok: false, error, messages };
}
