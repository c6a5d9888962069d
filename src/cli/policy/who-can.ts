import type { Subject } from '../../policy/access/classes.ts';
import type { Change } from '../../policy/access/diff.ts';
import { whoCan as ask, grantsOf } from '../../policy/access/who.ts';
import { describe, grantAsText } from '../../policy/access/words.ts';
import { compiledOr, type Ready } from './compiled.ts';
import { type PolicyOutside, readSources } from './sources.ts';
import { readLineFor, readTyped } from './typed.ts';

/** How `chatops policy who-can` is asked. */
export const whoCanUsage = `  chatops policy who-can [folder] [--in <channel>] [--members <file>] [--format text|json] <command line>
      everybody who may run this line in this channel; with a bare command, or without a channel, who may run it at all`;

const flags = ['in', 'members', 'format'];

interface Answer {
  readonly json: unknown;
  readonly lines: readonly string[];
}

const shown = (text: string): string => text;

const aboutLine = (people: readonly Subject[], line: string, channel: string): Answer => ({
  json: { line, channel, people },
  lines:
    people.length === 0
      ? [`Nobody may run ${line} in ${channel}.`]
      : [`May run ${line} in ${channel}:`, ...people.map((one) => `  ${describe(one, shown)}`)],
});

const aboutCommand = (grants: readonly Change[], command: string, channel: string | undefined): Answer => ({
  json: { command, grants },
  lines:
    grants.length === 0
      ? [`Nobody may run ${command}${channel === undefined ? '' : ` in ${channel}`}.`]
      : grants.flatMap((grant) => grantAsText(grant, shown)),
});

const answer = ({ policy, parts }: Ready, line: string, channel: string | undefined): Answer | string => {
  const bare = parts.commands.find(({ name }) => name === line);
  const read = bare === undefined || bare.inputs.length === 0 ? readLineFor(policy, line) : undefined;
  if (typeof read === 'string') return read;
  if (read !== undefined && channel !== undefined) {
    const { command, input } = read;
    return aboutLine(ask(parts, { channel, command: command.name, input }), read.line, channel);
  }
  const name = bare?.name ?? read?.command.name ?? line;
  return aboutCommand(
    grantsOf(parts, channel).filter((grant) => grant.command === name),
    name,
    channel,
  );
};

/** `chatops policy who-can`: 0, 1 when the folder has mistakes, or a sentence when it was asked wrongly. */
export const whoCan = async (args: readonly string[], outside: PolicyOutside): Promise<number | string> => {
  const typed = readTyped(args, flags);
  if (typeof typed === 'string') return typed;
  const { values, folder, line } = typed;
  const sources = await readSources(folder, outside, values.members);
  if (typeof sources === 'string') return sources;
  const ready = compiledOr(sources, outside);
  if (ready === undefined) return 1;
  const found = answer(ready, line, values.in);
  if (typeof found === 'string') return found;
  outside.print(
    values.format === 'json'
      ? `${JSON.stringify(found.json, undefined, 2)}\n`
      : `${found.lines.join('\n')}\n`,
  );
  return 0;
};
