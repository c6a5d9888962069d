import type { BuiltIn, BuiltInCall } from '../core/built-in.ts';
import { againWord, type Command } from '../core/command.ts';
import type { InputSpec } from '../core/input.ts';
import { noteReply, usage } from '../core/replies/refusals.ts';
import { code, line, strong } from '../core/replies/spans.ts';
import type { Line } from '../core/reply.ts';
import { nearest } from '../core/suggest.ts';

/** What the gateway itself offers, beside the declared commands. */
const own: readonly (readonly [string, string])[] = [
  ['help [command]', 'what you can run here, and how'],
  ['can-i <command> …', 'may you run this here, and if not, what is missing'],
  ['runs [mine|active|failed|undelivered]', 'what was run in this channel'],
  ['run show <id>', 'one run, as it stands'],
  ['run resolve <id> succeeded|failed|not-started', 'say what became of an uncertain run'],
  ['cancel <id>', 'stop a run'],
  ['whoami', 'how policy sees you'],
];

const modeWords: Readonly<Record<Command['mode'], string>> = {
  direct: 'answers at once',
  wait: 'runs a pipeline and reports its end',
  link: 'starts a pipeline and gives its link',
};

const overview = (offered: readonly Command[]): ReturnType<typeof noteReply> => {
  const rows = offered.map((command) => line(code(usage(command)), ` ${command.summary.en}`));
  const title =
    offered.length === 0 ? 'No declared command is open to you in this channel' : 'What you can run here';
  const builtIns = own.map(([name, about]) => line(code(name), ` ${about}`));
  return noteReply(line(strong(title)), ...rows, line(strong('Always there')), ...builtIns);
};

const bounds = (spec: InputSpec): readonly string[] => {
  if (spec.type === 'boolean') return ['true or false'];
  const options = spec.options === undefined ? [] : [`one of ${spec.options.join(', ')}`];
  if (spec.type === 'string') {
    return [...options, ...(spec.pattern === undefined ? [] : [`like ${spec.pattern}`])];
  }
  const from = spec.min === undefined ? [] : [`from ${spec.min}`];
  return [
    ...options,
    spec.type === 'integer' ? 'a whole number' : 'a number',
    ...from,
    ...(spec.max === undefined ? [] : [`up to ${spec.max}`]),
  ];
};

const inputRow = (spec: InputSpec): Line => {
  const preset = spec.default === undefined ? [] : [`default ${spec.default}`];
  const about = spec.description === undefined ? [] : [spec.description];
  const needed = spec.required ? [] : ['optional'];
  return line('• ', code(spec.name), ` ${[...about, ...bounds(spec), ...needed, ...preset].join(', ')}`);
};

const typedTwice = line(
  'Typed twice in a moment it is run once; with ',
  code(`--${againWord}`),
  ' it is run once more.',
);

const oneCommand = (command: Command): ReturnType<typeof noteReply> => {
  const examples = command.examples.map((example) => line('For example ', code(`/chatops ${example}`)));
  return noteReply(
    line(strong(command.name), ` ${command.summary.en}`),
    line(code(`/chatops ${usage(command)}`), ` · ${modeWords[command.mode]}`),
    ...command.inputs.map(inputRow),
    ...examples,
    ...(command.mode === 'direct' ? [] : [typedTwice]),
  );
};

const offeredCommands = ({ policy, caller, channel }: BuiltInCall): readonly Command[] => {
  const names = policy.offered(caller.account, channel.id);
  return policy.commands.filter((command) => names.includes(command.name));
};

/** `help [command]`: only what the caller may run in this channel; nothing else is given away. */
export const help: BuiltIn = (call) => {
  const offered = offeredCommands(call);
  if (call.rest === '') return Promise.resolve(overview(offered));
  const command = offered.find(({ name }) => name === call.rest);
  if (command !== undefined) return Promise.resolve(oneCommand(command));
  const family = offered.filter(({ name }) => name.startsWith(`${call.rest} `));
  if (family.length > 0) return Promise.resolve(overview(family));
  const near = nearest(
    call.rest,
    offered.map(({ name }) => name),
  );
  const meant =
    near.length === 0
      ? []
      : [
          line(
            'Did you mean ',
            ...near.flatMap((name, at) => (at === 0 ? [code(name)] : [', ', code(name)])),
            '?',
          ),
        ];
  return Promise.resolve(
    noteReply(
      line('There is no command ', code(call.rest.slice(0, 60)), ' that you can run here.'),
      ...meant,
    ),
  );
};
