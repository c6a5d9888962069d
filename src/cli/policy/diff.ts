import { parseArgs } from 'node:util';
import { linesForwards } from '../../listeners/audit/forwards.ts';
import { readLine } from '../../listeners/audit/line.ts';
import { type Gate, gatesHit, readGate } from '../../policy/access/gates.ts';
import { diffFrom } from '../../policy/access/later.ts';
import { type PastDecision, pastDecision, replay } from '../../policy/access/replay.ts';
import { diffAsJson, diffAsMarkdown, diffAsText, type Told } from '../../policy/access/report.ts';
import { commandChanges } from '../../policy/review/commands.ts';
import { compiledOr, type Ready } from './compiled.ts';
import { deliver, type PolicyOutside, readSources } from './sources.ts';

export const diffUsage = `  chatops policy diff <before> <after> [--format text|markdown|json] [--output file] [--members file]
                      [--replay <audit file>]... [--days 30] [--fail-on gain|lose[:<command>]]...
      what people gain and lose when one folder takes the place of the other; --replay puts past decisions to both;
      --fail-on gain:release  exit 1 when anybody gains release (also "lb *"), or when that cannot be said for sure`;

const options = {
  format: { type: 'string', default: 'text' },
  output: { type: 'string' },
  members: { type: 'string' },
  replay: { type: 'string', multiple: true, default: [] as string[] },
  days: { type: 'string', default: '30' },
  'fail-on': { type: 'string', multiple: true, default: [] as string[] },
} as const;

const formats = ['text', 'markdown', 'json'];

interface Asked {
  readonly folders: readonly [string, string];
  readonly format: string;
  readonly output: string | undefined;
  readonly members: string | undefined;
  readonly audits: readonly string[];
  readonly days: number;
  readonly gates: readonly Gate[];
}

const readArgs = (args: readonly string[]): Asked | string => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [before, after, more] = positionals;
    if (before === undefined || after === undefined || more !== undefined)
      return 'Name two folders: the policy before, and after.';
    if (!formats.includes(values.format)) return `--format: one of ${formats.join(', ')}.`;
    const days = Number(values.days);
    if (!(days > 0)) return `--days: ${JSON.stringify(values.days)} is no number of days.`;
    const gates = values['fail-on'].map((text) => readGate(text) ?? text);
    const wrong = gates.find((gate) => typeof gate === 'string');
    if (wrong !== undefined)
      return `--fail-on: ${JSON.stringify(wrong)} must be gain or lose, or one of them with a command: gain:release, "lose:lb *".`;
    const { format, output, members, replay: audits } = values;
    return {
      folders: [before, after],
      format,
      output,
      members,
      audits,
      days,
      gates: gates.filter((gate) => typeof gate !== 'string'),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

async function* decisionsIn(files: readonly string[], since: number): AsyncGenerator<PastDecision> {
  for (const file of files)
    for await (const lines of linesForwards(file))
      for (const { bytes, whole } of lines) {
        const line = whole ? readLine(bytes.toString('utf8')) : undefined;
        const past =
          line !== undefined && line.at >= since ? pastDecision(line.kind, line.at, line.told) : undefined;
        if (past !== undefined) yield past;
      }
}

const dayMs = 86_400_000;

/** A sentence when an audit file cannot be read. */
const compare = async (
  { audits, days }: Asked,
  before: Ready,
  after: Ready,
  now: number,
): Promise<Told | string> => {
  const diff = diffFrom(before.all, after.all, now);
  const commands = commandChanges(before.parts.commands, after.parts.commands);
  if (audits.length === 0) return { diff, commands };
  const past = decisionsIn(audits, now - days * dayMs);
  try {
    return { diff, commands, replay: { replay: await replay(past, before.policy, after.policy), days } };
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return `--replay: ${error.message}.`;
    throw error;
  }
};

const reportOf = (format: string, told: Told, hit: readonly string[]): string => {
  if (format === 'json') return diffAsJson(told, hit);
  return format === 'markdown' ? `${diffAsMarkdown(told)}\n` : diffAsText(told);
};

/** `chatops policy diff`: 0, 1 when a gate was hit or a folder has mistakes, or a sentence when it was asked wrongly. */
export const diff = async (args: readonly string[], outside: PolicyOutside): Promise<number | string> => {
  const asked = readArgs(args);
  if (typeof asked === 'string') return asked;
  const ready: Ready[] = [];
  for (const folder of asked.folders) {
    const sources = await readSources(folder, outside, asked.members);
    if (typeof sources === 'string') return sources;
    const compiled = compiledOr(sources, outside);
    if (compiled === undefined) return 1;
    ready.push(compiled);
  }
  const [before, after] = ready;
  if (before === undefined || after === undefined) return 'Name two folders.';
  const told = await compare(asked, before, after, outside.now());
  if (typeof told === 'string') return told;
  const hit = gatesHit(asked.gates, told.diff);
  await deliver(reportOf(asked.format, told, hit), asked.output, outside);
  for (const sentence of hit) outside.complain(`Gate: ${sentence}\n`);
  return hit.length > 0 ? 1 : 0;
};
