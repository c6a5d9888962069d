import { isRecord } from '../shape.ts';
import type { Message } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** One message as a judge counts it. */
export interface LedgerLine {
  readonly channel: string;
  readonly ts: string;
  /** Who wrote it: a person, the app's bot user or USLACKBOT. */
  readonly user: string;
  /** All its text as it stands now, blocks included; '' once it is deleted. */
  readonly text: string;
  /** How often it was changed. */
  readonly edits: number;
  /** The one person who sees it, where it is ephemeral or direct; null otherwise. */
  readonly to: string | null;
}

/** Every message from now on, in the order in which they were written. */
export function watchMessages(workspace: Workspace): () => readonly LedgerLine[] {
  const seen = new Map<string, { readonly message: Message; readonly edits: number }>();
  workspace.listen((message) => {
    const key = `${message.channel} ${message.ts}`;
    const before = seen.get(key);
    const changed = message.deleted ? 0 : 1;
    seen.set(key, { message, edits: before === undefined ? 0 : before.edits + changed });
  });
  return () => [...seen.values()].map(({ message, edits }) => lineOf(workspace, message, edits));
}

function lineOf(workspace: Workspace, message: Message, edits: number): LedgerLine {
  const { channel, ts, user, text, blocks } = message;
  const all = [text, ...textsIn(blocks)].filter((each) => each !== '').join('\n');
  return { channel, ts, user, text: all, edits, to: message.onlyFor ?? directTo(workspace, channel) };
}

function directTo(workspace: Workspace, channel: string): string | null {
  const found = workspace.channel(channel);
  if (found?.isDirect !== true) return null;
  return found.members.find((id) => workspace.person(id) !== undefined) ?? null;
}

/** Whatever stands under `text` as a string, at any depth: that is where Block Kit keeps what is read. */
function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'text' && typeof field === 'string' ? [field] : textsIn(field),
  );
}
