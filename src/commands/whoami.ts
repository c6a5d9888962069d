import type { BuiltIn } from '../core/built-in.ts';
import { noteReply } from '../core/replies/refusals.ts';
import { code, line } from '../core/replies/spans.ts';

/** `whoami`: the account as policy sees it, the linked person, the roles, and the channel. */
export const whoami: BuiltIn = ({ caller, channel }) => {
  const roles = caller.roles.filter((role) => role !== caller.account && role !== caller.person);
  const person =
    caller.person === undefined
      ? line('Not linked to a GitLab user.')
      : line('GitLab user: ', code(caller.person));
  const held =
    roles.length === 0
      ? line('Roles: none.')
      : line('Roles: ', ...roles.flatMap((role, at) => (at === 0 ? [code(role)] : [', ', code(role)])));
  return Promise.resolve(
    noteReply(line('You are ', code(caller.account), ' in ', code(channel.id)), person, held),
  );
};
