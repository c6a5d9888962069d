/** The command column: a name, `<words> *` for everything that begins with these words and goes on, or `*`. */
const shape = /^(?:\*|[a-z0-9_.:-]+(?: [a-z0-9_.:-]+)*(?: \*)?)$/;

/** Whether the text can stand in the command column. */
export const isCommandPattern = (pattern: string): boolean => shape.test(pattern);

/** Whether a command of this name is meant by the pattern. */
export const commandMatches = (name: string, pattern: string): boolean =>
  pattern === name || pattern === '*' || (pattern.endsWith(' *') && name.startsWith(pattern.slice(0, -1)));

/** Every pattern that means this command: the name itself, each beginning with ` *`, and `*`. */
export const patternsFor = (name: string): readonly string[] => {
  const words = name.split(' ');
  const begun = words.slice(1).map((_, at) => `${words.slice(0, at + 1).join(' ')} *`);
  return [name, ...begun, '*'];
};
