import type { NearMiss, Rule } from '../../core/decision.ts';
import type { Input } from '../../core/input.ts';
import { anyChannel, type Explanation, explainDecision } from '../../policy/explain.ts';
import { kindOfId } from '../../policy/ids.ts';
import { pathAsText } from '../../policy/paths.ts';
import { type Blame, blameLine } from './blame.ts';
import { compiledOr } from './compiled.ts';
import { type PolicyOutside, readSources } from './sources.ts';
import { readLineFor, readTyped } from './typed.ts';

/** How `chatops policy explain` is asked. */
export const explainUsage = `  chatops policy explain [folder] --as <account|gitlab:user> [--in <channel>] [--members <file>] [--format text|json] <command line>
      whether they may run this line in this channel (without one: in a channel that no rule names), and why`;

const flags = ['as', 'in', 'members', 'format'];

interface Asked {
  readonly as: string;
  readonly channel: string | undefined;
  readonly line: string;
  readonly command: string;
  readonly input: Input;
}

const ruleText = ({ who, channel, command, condition, effect }: Rule): string =>
  [who, channel, command, condition, effect].join(', ');

/** The last day on which it counts. */
const lastDay = (expires: number): string => new Date(expires - 1).toISOString().slice(0, 10);

const row = (name: string, text: string): string => `  ${name.padEnd(8)} ${text}`;

const commitText = ({ commit, summary, mergeRequest }: Blame): string =>
  `${commit.slice(0, 12)} ${summary}${mergeRequest === undefined ? '' : ` (!${mergeRequest})`}`;

const ruleLines = (
  rule: Rule,
  { as, channel }: Asked,
  { people, channels }: Explanation,
  blame: Blame | undefined,
): readonly string[] => [
  row('rule', `${rule.file}:${rule.line}  ${ruleText(rule)}`),
  ...(rule.reason === undefined ? [] : [row('reason', rule.reason)]),
  ...(rule.expires === undefined ? [] : [row('expires', `after ${lastDay(rule.expires)}`)]),
  ...(blame === undefined ? [] : [row('commit', commitText(blame))]),
  row('person', rule.who === '*' ? 'anybody' : pathAsText(as, people)),
  row('channel', rule.channel === '*' ? 'every channel' : pathAsText(channel ?? '', channels)),
];

/** `in slack:T1/C-OPS, with role sre: ask ana, carol` */
const remedyText = ({ missing }: NearMiss): string =>
  missing
    .toSorted((a, b) => Number(a.kind === 'role') - Number(b.kind === 'role'))
    .map(({ kind, need, given, holders = [] }) => {
      const asking = holders.length === 0 ? '' : `: ask ${holders.join(', ')}`;
      return `${kind === 'channel' ? 'in ' : ''}${need}${given === undefined ? '' : ` (${given})`}${asking}`;
    })
    .join(', and ');

const mostOthers = 5;

/** What else applies, and did not decide. */
const otherLines = ({ others }: Explanation): readonly string[] => {
  if (others.length === 0) return [];
  const lines = others.slice(0, mostOthers).map((rule) => `  ${rule.file}:${rule.line}  ${ruleText(rule)}`);
  const more = others.length > mostOthers ? [`  and ${others.length - mostOthers} more`] : [];
  return ['These apply too, and did not decide', ...lines, ...more];
};

const asText = (asked: Asked, found: Explanation, blame: Blame | undefined): string => {
  const { allowed, rule, revision } = found.decision;
  const where = asked.channel === undefined ? 'a channel that no rule names' : asked.channel;
  const lines = [
    `${allowed ? 'Allowed' : 'Denied'}: ${asked.as} in ${where}: ${asked.line}`,
    ...(rule === undefined ? [row('rule', 'no rule allows it')] : ruleLines(rule, asked, found, blame)),
    row('policy', revision),
    ...otherLines(found),
    ...(found.near.length === 0 ? [] : ['It would be allowed']),
    ...found.near.map((near) => `  ${remedyText(near)}  (${near.rule.file}:${near.rule.line})`),
  ];
  return `${lines.join('\n')}\n`;
};

const asJson = (asked: Asked, found: Explanation, blame: Blame | undefined): string => {
  const { decision, people, channels, near, others } = found;
  const { allowed, revision, rule = null } = decision;
  const all = { ...asked, allowed, revision, rule, commit: blame ?? null, people, channels, others, near };
  return `${JSON.stringify(all, undefined, 2)}\n`;
};

/** What is wrong with the words, in a sentence; undefined when nothing is. */
const wrongWords = ({ as, in: channel, format = 'text' }: Readonly<Record<string, string>>) => {
  if (as === undefined) return 'Say who it is about: --as slack:T1/U2 or --as gitlab:ana.';
  if (!['account', 'gitlab'].includes(kindOfId(as) ?? ''))
    return `--as: ${JSON.stringify(as)} must be an account such as slack:T1/U2, or gitlab:ana.`;
  if (channel !== undefined && kindOfId(channel) !== 'account')
    return `--in: ${JSON.stringify(channel)} must be a channel such as slack:T1/C2.`;
  return format === 'text' || format === 'json'
    ? undefined
    : `--format: ${JSON.stringify(format)} must be text or json.`;
};

/** `chatops policy explain`: 0 allowed, 1 denied or a folder with mistakes, or a sentence when it was asked wrongly. */
export const explain = async (args: readonly string[], outside: PolicyOutside): Promise<number | string> => {
  const typed = readTyped(args, flags);
  if (typeof typed === 'string') return typed;
  const { values, folder } = typed;
  const wrong = wrongWords(values);
  if (wrong !== undefined) return wrong;
  const { as = '', in: channel, members, format } = values;
  const sources = await readSources(folder, outside, members);
  if (typeof sources === 'string') return sources;
  const ready = compiledOr(sources, outside);
  if (ready === undefined) return 1;
  const read = readLineFor(ready.policy, typed.line);
  if (typeof read === 'string') return read;
  const asked: Asked = { as, channel, line: read.line, command: read.command.name, input: read.input };
  const { command, input } = asked;
  const found = explainDecision(ready.parts, { caller: as, channel: channel ?? anyChannel, command, input });
  const { rule } = found.decision;
  const blame = rule === undefined ? undefined : await blameLine(sources.folder, rule.file, rule.line);
  outside.print(format === 'json' ? asJson(asked, found, blame) : asText(asked, found, blame));
  return found.decision.allowed ? 0 : 1;
};
