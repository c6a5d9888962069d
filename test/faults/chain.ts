import { createHash } from 'node:crypto';

const beginning = '0'.repeat(64);

const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex');

/** What is wrong with the chain of an audit file's lines: each numbered one up, each with the hash of the line before. Null when it is whole. */
export const chainProblem = (text: string): string | null => {
  if (text !== '' && !text.endsWith('\n')) return 'the last line is cut off';
  const lines = text.split('\n').slice(0, -1);
  let prev = beginning;
  for (const [at, line] of lines.entries()) {
    const entry = JSON.parse(line) as { readonly seq: number; readonly prev: string };
    if (entry.seq !== at + 1) return `line ${at + 1} has the number ${entry.seq}`;
    if (entry.prev !== prev) return `line ${at + 1} does not follow the line before it`;
    prev = hashOf(line);
  }
  return null;
};
