import { checkBlocks, weightOf } from './blocks.ts';
import { parseJson } from './json.ts';
import { limits } from './limits.ts';
import { type Args, failure, type Method, type MethodAnswer, textArg } from './methods.ts';
import { messageFields } from './pressing.ts';
import { app } from './seed.ts';
import type { Block, Channel, Message } from './types.ts';
import type { Workspace } from './workspace.ts';

type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly answer: MethodAnswer };

/** Text and blocks of a call; `blocks` null when the call says nothing of blocks. */
interface Said {
  readonly text: string | null;
  readonly blocks: readonly Block[] | null;
}

const postMessage: Method = (args, workspace) => {
  const channel = channelToPostIn(args, workspace);
  if (!channel.ok) return channel.answer;
  const said = readSaid(args);
  if (!said.ok) return said.answer;
  const thread = textArg(args, 'thread_ts');
  if (thread !== '' && workspace.find(channel.value.id, thread) === undefined)
    return failure('thread_not_found');
  const message = workspace.add({
    ...draftOf(channel.value, said.value),
    threadTs: thread === '' ? null : thread,
  });
  return { ok: true, channel: message.channel, ts: message.ts, message: messageFields(message) };
};

const postEphemeral: Method = (args, workspace) => {
  const channel = channelToPostIn(args, workspace);
  if (!channel.ok) return channel.answer;
  const user = textArg(args, 'user');
  if (!channel.value.members.includes(user) || workspace.person(user) === undefined) {
    return failure('user_not_in_channel');
  }
  const said = readSaid(args);
  if (!said.ok) return said.answer;
  const message = workspace.add({ ...draftOf(channel.value, said.value), onlyFor: user });
  return { ok: true, message_ts: message.ts };
};

const update: Method = (args, workspace) => {
  const message = ownMessage(args, workspace, 'cant_update_message');
  if (!message.ok) return message.answer;
  const said = readSaid(args);
  if (!said.ok) return said.answer;
  if ((said.value.text ?? '').length > limits.updatedText) return failure('msg_too_long');
  // Without a text the old blocks would stay, but then there are new ones; a text alone removes them.
  const edited = workspace.edit(
    message.value,
    said.value.text ?? message.value.text,
    said.value.blocks ?? [],
  );
  return {
    ok: true,
    channel: edited.channel,
    ts: edited.ts,
    text: edited.text,
    message: messageFields(edited),
  };
};

const remove: Method = (args, workspace) => {
  const message = ownMessage(args, workspace, 'cant_delete_message');
  if (!message.ok) return message.answer;
  workspace.remove(message.value);
  return { ok: true, channel: message.value.channel, ts: message.value.ts };
};

/** The methods that write messages. */
export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
};

/** A channel by its id, or the direct channel with a person by theirs, where the app is a member. */
function channelToPostIn(args: Args, workspace: Workspace): Found<Channel> {
  const id = textArg(args, 'channel');
  const person = workspace.person(id);
  const channel = person === undefined ? workspace.channel(id) : workspace.direct(person);
  if (channel === undefined) return no(failure('channel_not_found'));
  if (channel.members.includes(app.userId)) return { ok: true, value: channel };
  return no(failure(channel.isPrivate ? 'channel_not_found' : 'not_in_channel'));
}

/** A message that everyone sees and that the app wrote: ephemeral ones cannot be found again. */
function ownMessage(args: Args, workspace: Workspace, otherwise: string): Found<Message> {
  const channel = workspace.channel(textArg(args, 'channel'));
  if (channel === undefined) return no(failure('channel_not_found'));
  const message = workspace.find(channel.id, textArg(args, 'ts'));
  if (message === undefined || message.onlyFor !== null) return no(failure('message_not_found'));
  return message.from === 'app' ? { ok: true, value: message } : no(failure(otherwise));
}

function readSaid(args: Args): Found<Said> {
  if (args.attachments !== undefined)
    return no(failure('invalid_attachments', ['attachments are not supported here']));
  const text = args.text === undefined ? null : textArg(args, 'text');
  const given = typeof args.blocks === 'string' ? parseJson(args.blocks) : (args.blocks ?? null);
  if (given === undefined || (given !== null && !Array.isArray(given)))
    return no(failure('invalid_blocks_format'));
  const checked = checkBlocks(given ?? []);
  if (!checked.ok) return no(failure(checked.error, checked.messages));
  if ((text ?? '').trim() === '' && checked.blocks.length === 0) return no(failure('no_text'));
  if (weightOf(checked.blocks) > limits.blocksTotal) return no(failure('msg_blocks_too_long'));
  return { ok: true, value: { text, blocks: given === null ? null : checked.blocks } };
}

function draftOf(channel: Channel, said: Said) {
  const { text, blocks } = said;
  return {
    channel: channel.id,
    from: 'app',
    user: app.userId,
    text: text ?? '',
    blocks: blocks ?? [],
  } as const;
}

function no(answer: MethodAnswer): { readonly ok: false; readonly answer: MethodAnswer } {
  return { ok: false, answer };
}
