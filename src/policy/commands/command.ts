import type { Command, Danger, Mode } from '../../core/command.ts';
import { didYouMean, shown } from '../hints.ts';
import type { MistakeList } from '../mistakes.ts';
import { readDirect } from './direct.ts';
import { readInputs } from './inputs.ts';
import { readLimits } from './limits.ts';
import { readPipeline } from './pipeline.ts';
import { allowOnly, createReader, notText, type Reader } from './reader.ts';
import { readTree } from './tree.ts';
import type { UseDeclaration } from './use.ts';

/** What the rest of the gateway decides about commands. */
export interface CommandSettings {
  /** Names of built-in commands; no declared command may be named like one or begin with its words. */
  readonly reserved: readonly string[];
  /** Built-in effects that a direct command may use. */
  readonly uses: readonly UseDeclaration[];
  /** Hosts (`host:port`) that may be called over plain http, beside this machine. */
  readonly plainHttp?: readonly string[];
}

const keys = [
  'name',
  'summary',
  'mode',
  'inputs',
  'pipeline',
  'direct',
  'examples',
  'danger',
  'limits',
  'reply',
];
const modes: readonly Mode[] = ['direct', 'wait', 'link'];
const dangers: readonly Danger[] = ['none', 'some', 'high'];
/** Also what GitLab's job names hold, so that `deploy:prod` keeps its name. */
const nameShape = /^[a-z0-9][a-z0-9_.:-]*( [a-z0-9][a-z0-9_.:-]*)*$/;
const longestName = 80;

const isBegunBy = (name: string, words: string): boolean => name === words || name.startsWith(`${words} `);

const readName = (reader: Reader, reserved: readonly string[]): string => {
  reader.require('name');
  const name = reader.text('name') ?? '';
  if (name !== '' && (!nameShape.test(name) || name.length > longestName))
    reader.wrong(
      'name',
      `${shown(name)} must be lowercase words of letters, digits and - _ . :, with one blank between them`,
    );
  const builtIn = reserved.find((words) => isBegunBy(name, words));
  if (builtIn !== undefined) reader.wrong('name', `${builtIn} is built in; choose another name`);
  return name;
};

const readSummary = (reader: Reader): Command['summary'] => {
  reader.require('summary');
  const tree = reader.tree('summary');
  if (tree?.kind === 'scalar') return { en: reader.text('summary') ?? '' };
  const table = reader.table('summary');
  if (table === undefined) return { en: '' };
  allowOnly(table, ['en', 'zh']);
  table.require('en');
  const zh = table.text('zh');
  return { en: table.text('en') ?? '', ...(zh === undefined ? {} : { zh }) };
};

const readMode = (reader: Reader): Mode | undefined => {
  reader.require('mode');
  const text = reader.text('mode');
  if (text === undefined) return undefined;
  const mode = modes.find((one) => one === text);
  return (
    mode ?? reader.wrong('mode', `${shown(text)} must be direct, wait or link${didYouMean(text, modes)}`)
  );
};

const readDanger = (reader: Reader): Danger => {
  const text = reader.text('danger') ?? 'none';
  const danger = dangers.find((one) => one === text);
  return danger ?? reader.wrong('danger', `${shown(text)} must be none, some or high`) ?? 'high';
};

/** A direct command has `direct` and no `pipeline`; the others the other way round. */
const checkTarget = (reader: Reader, mode: Mode): void => {
  const [needed, other] = mode === 'direct' ? ['direct', 'pipeline'] : ['pipeline', 'direct'];
  if (!reader.has(needed)) reader.wrong('mode', `mode ${mode} needs the key ${needed}`);
  if (reader.has(other)) reader.wrong(other, `does not go with mode ${mode}`);
};

const readExamples = (reader: Reader): readonly string[] => {
  const examples: string[] = [];
  for (const item of reader.list('examples') ?? []) {
    if (item.kind === 'scalar' && typeof item.value === 'string') examples.push(item.value);
    else
      reader.wrongAt(
        item.line,
        `examples: ${item.kind === 'scalar' ? notText(item) : 'an example is one line of text'}`,
      );
  }
  return examples;
};

const readAudience = (reader: Reader): Command['audience'] => {
  const reply = reader.table('reply');
  if (reply === undefined) return 'channel';
  allowOnly(reply, ['to']);
  const to = reply.text('to') ?? 'channel';
  if (to !== 'channel' && to !== 'caller') reply.wrong('to', `${shown(to)} must be channel or caller`);
  return to === 'caller' ? 'caller' : 'channel';
};

const readWhole = (reader: Reader, settings: CommandSettings, file: string): Command | undefined => {
  const name = readName(reader, settings.reserved);
  const summary = readSummary(reader);
  const mode = readMode(reader);
  const inputs = readInputs(reader);
  const pipeline = readPipeline(reader, inputs);
  const direct = readDirect(reader, inputs, settings.uses, settings.plainHttp ?? []);
  const examples = readExamples(reader);
  const audience = readAudience(reader);
  if (mode !== undefined) checkTarget(reader, mode);
  const limits = readLimits(reader, mode ?? 'wait');
  if (mode === undefined || name === '') return undefined;
  return {
    name,
    summary,
    mode,
    inputs,
    ...(mode !== 'direct' && pipeline !== undefined ? { pipeline } : {}),
    ...(mode === 'direct' && direct !== undefined ? { direct } : {}),
    examples,
    danger: readDanger(reader),
    limits,
    audience,
    place: { file, line: reader.lineOf('name') },
  };
};

/** Reads one command file. What comes back counts only when no mistake was added. */
export const readCommand = (
  file: string,
  text: string,
  settings: CommandSettings,
  mistakes: MistakeList,
): Command | undefined => {
  const tree = readTree(file, text, mistakes);
  if (tree === undefined) return undefined;
  if (tree.kind !== 'table') {
    mistakes.add(file, 1, 'a command file begins with keys such as name: and mode:');
    return undefined;
  }
  return readWhole(createReader({ file, mistakes }, tree, '', keys), settings, file);
};
