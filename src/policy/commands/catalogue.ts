import type { Command } from '../../core/command.ts';
import type { MistakeList } from '../mistakes.ts';
import { type CommandSettings, readCommand } from './command.ts';

const inFolder = /^commands\/[^/]+\.ya?ml$/;

const byName = (a: Command, b: Command): number => (a.name < b.name ? -1 : 1);

const checkNames = (commands: readonly Command[], mistakes: MistakeList): void => {
  const first = new Map<string, Command>();
  for (const command of commands) {
    const earlier = first.get(command.name);
    if (earlier === undefined) first.set(command.name, command);
    else
      mistakes.add(
        command.place.file,
        command.place.line,
        `${command.name} is also declared in ${earlier.place.file}`,
      );
  }
};

/** Reads every `commands/*.yml` of a policy folder, sorted by name. */
export const readCatalogue = (
  files: ReadonlyMap<string, string>,
  settings: CommandSettings,
  mistakes: MistakeList,
): readonly Command[] => {
  const commands: Command[] = [];
  for (const [file, text] of [...files].filter(([name]) => inFolder.test(name))) {
    const command = readCommand(file, text, settings, mistakes);
    if (command !== undefined) commands.push(command);
  }
  if (commands.length === 0) mistakes.add('commands', 1, 'there is no usable command file (commands/*.yml)');
  checkNames(commands, mistakes);
  return commands.toSorted(byName);
};
