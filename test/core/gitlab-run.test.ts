import t from 'tap';
import { type CommandLine, readCommandLine } from '../../src/core/command-line.ts';
import { command } from '../support/commands.ts';

const text = (name: string) => ({ name, type: 'string', required: false }) as const;
const job = (name: string) => command({ name, inputs: [text('first'), text('second'), text('env')] });
const commands = [job('hello'), job('x'), job('group:job')];
const read = (typed: string): CommandLine =>
  readCommandLine({ commands, builtIns: [], offered: () => [] }, typed);

/** What a job gets as CHAT_INPUT, or that the line is not understood (GitLab answers with its help then). */
const outcome = (typed: string): string => {
  const line = read(typed);
  return line.kind === 'command' ? `${line.command.name} [${line.arguments}]` : 'not understood';
};

/** `run <job> <arguments>` as GitLab's own ChatOps reads it (lib/gitlab/slash_commands/run.rb), and where this gateway is better. */
const vectors: readonly (readonly [typed: string, ours: string, gitlab: string, better?: string])[] = [
  ['run hello', 'hello []', 'hello []'],
  ['run hello a b', 'hello [a b]', 'hello [a b]'],
  ['run   hello    a  b ', 'hello [a b]', 'hello [a  b ]', 'blanks between values do not matter'],
  ['run x\ny z', 'x [y z]', 'x [y z]'],
  ['run group:job --env=prod', 'group:job [--env=prod]', 'group:job [--env=prod]'],
  [
    'run "a b" c',
    'not understood',
    '"a [b" c]',
    'quotes hold a value together; a job is never named by half of one',
  ],
  ['run hello "a b" c', 'hello ["a b" c]', 'hello ["a b" c]'],
  ['run hello ', 'hello []', 'not understood', 'a trailing blank does not matter'],
  ['run x\n', 'x []', 'not understood', 'nor does a trailing line break'],
  ['run', 'not understood', 'not understood'],
  ['runx y', 'not understood', 'not understood'],
  [' run x', 'x []', 'not understood', 'nor does a leading blank'],
  ['RUN x', 'not understood', 'not understood'],
];

t.test('GitLab’s `run` lines mean the same here, or something better', async (t) => {
  for (const [typed, ours, gitlab, better] of vectors) {
    t.equal(outcome(typed), ours, JSON.stringify(typed));
    t.equal(
      ours !== gitlab,
      better !== undefined,
      `${JSON.stringify(typed)}: a difference is stated, and only then`,
    );
  }
});
