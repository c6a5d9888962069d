import { whatCan as ask } from '../../policy/access/who.ts';
import { rightAsText } from '../../policy/access/words.ts';
import { kindOfId } from '../../policy/ids.ts';
import { compiledOr } from './compiled.ts';
import { type PolicyOutside, readSources } from './sources.ts';
import { readTyped } from './typed.ts';

/** How `chatops policy what-can` is asked. */
export const whatCanUsage = `  chatops policy what-can [folder] --as <account|gitlab:user> [--in <channel>] [--members <file>] [--format text|json]
      everything that somebody may run, where, and with which input`;

const flags = ['as', 'in', 'members', 'format'];

/** `chatops policy what-can`: 0, 1 when the folder has mistakes, or a sentence when it was asked wrongly. */
export const whatCan = async (args: readonly string[], outside: PolicyOutside): Promise<number | string> => {
  const typed = readTyped(args, flags);
  if (typeof typed === 'string') return typed;
  const { values, folder, line } = typed;
  const { as, in: channel, members, format } = values;
  if (as === undefined) return 'Say who it is about: --as slack:T1/U2 or --as gitlab:ana.';
  if (!['account', 'gitlab'].includes(kindOfId(as) ?? ''))
    return `--as: ${JSON.stringify(as)} is neither an account (slack:T1/U2) nor a GitLab user (gitlab:ana).`;
  if (line !== '') return `${JSON.stringify(line)} is too much: what-can takes no command.`;
  const sources = await readSources(folder, outside, members);
  if (typeof sources === 'string') return sources;
  const ready = compiledOr(sources, outside);
  if (ready === undefined) return 1;
  const rights = ask(ready.parts, as, channel);
  if (format === 'json') outside.print(`${JSON.stringify({ as, rights }, undefined, 2)}\n`);
  else if (rights.length === 0)
    outside.print(`${as} may run nothing${channel === undefined ? '' : ` in ${channel}`}.\n`);
  else
    outside.print(
      `${as} may run:\n${rights.map((right) => `  ${rightAsText(right, (text) => text)}\n`).join('')}`,
    );
  return 0;
};
