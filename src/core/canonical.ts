import type { Input } from './input.ts';

/**
 * The bytes that a digest of a command is made of: name and whole input, names sorted. The same command with the same
 * input always gives the same text, however it was typed.
 */
export const canonicalText = (command: string, input: Input): string => {
  const names = Object.keys(input).sort();
  return JSON.stringify([command, names.map((name) => [name, input[name]])]);
};
