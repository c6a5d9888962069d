import type { Phase } from '../../core/pipelines.ts';
import type { Part } from '../../core/reply.ts';
import { duration, phaseGlyph, phaseWord } from './glyphs.ts';
import { taste } from './limits.ts';
import { link, words } from './mrkdwn.ts';

type Stage = Extract<Part, { part: 'stages' }>['stages'][number];
type Job = Stage['jobs'][number];

const dot = ' · ';
const nameRoom = 60;
const jobRoom = 500;

/** What somebody wants to see first. */
const worst: readonly Phase[] = [
  'failed',
  'manual',
  'going',
  'warned',
  'canceled',
  'pending',
  'succeeded',
  'skipped',
];

/** A pipeline's stages, one line each, at most `taste.stages` of them: what is long done and what is far to come folds into a line. */
export function stageLines(stages: readonly Stage[], room: number): readonly string[] {
  if (stages.length <= taste.stages) return stages.map((stage) => stageLine(stage, room / stages.length - 1));
  const inSight = taste.stages - 2;
  const open = stages.findIndex(({ phase }) => phase !== 'succeeded' && phase !== 'skipped');
  const current = open < 0 ? stages.length : open;
  const from = Math.max(0, Math.min(current - 1, stages.length - inSight));
  const each = room / taste.stages - 1;
  return [
    ...foldedLine(stages.slice(0, from), each),
    ...stages.slice(from, from + inSight).map((stage) => stageLine(stage, each)),
    ...foldedLine(stages.slice(from + inSight), each),
  ];
}

function foldedLine(stages: readonly Stage[], room: number): readonly string[] {
  const [first, ...rest] = stages;
  const last = rest.at(-1);
  if (first === undefined) return [];
  if (last === undefined) return [stageLine(first, room)];
  const phase = worst.find((each) => stages.some((stage) => stage.phase === each)) ?? 'pending';
  const ends = `${words(first.name, nameRoom)} … ${words(last.name, nameRoom)}`;
  return [`${phaseGlyph[phase]} ${stages.length} stages ${foldedWord(phase)}: ${ends}`];
}

function foldedWord(phase: Phase): string {
  if (phase === 'pending') return 'to come';
  return phase === 'succeeded' ? 'done' : phaseWord[phase];
}

function stageLine(stage: Stage, room: number): string {
  const head = `${phaseGlyph[stage.phase]} `;
  const [only, ...others] = stage.jobs;
  if (only?.name === stage.name && only.phase === stage.phase && others.length === 0) {
    return `${head}${jobText(only, stage.phase, true)}`;
  }
  const name = `${head}*${words(stage.name, nameRoom).replaceAll('*', '∗') || 'stage'}*`;
  const phase = stage.jobs.length === 0 ? phaseWord[stage.phase] : '';
  const items = [...(phase === '' ? [] : [phase]), ...jobTexts(stage, room - name.length)];
  return items.length === 0 ? name : `${name}  ${items.join(dot)}`;
}

function jobTexts(stage: Stage, room: number): readonly string[] {
  const rank = ({ phase }: Job) => worst.indexOf(phase);
  const chosen = new Set([...stage.jobs].sort((a, b) => rank(a) - rank(b)).slice(0, taste.jobsPerStage));
  const texts = stage.jobs.filter((job) => chosen.has(job)).map((job) => jobText(job, stage.phase, false));
  const fitting = texts.filter((_, at) => texts.slice(0, at + 1).join(dot).length + 20 <= room);
  const more = stage.jobs.length - fitting.length;
  return more === 0 ? fitting : [...fitting, `+${more} more`];
}

function jobText(job: Job, stagePhase: Phase, strong: boolean): string {
  const glyph = job.phase === stagePhase ? '' : `${phaseGlyph[job.phase]} `;
  const name = link(job.link, job.name, jobRoom) || 'job';
  const took = job.seconds === null ? '' : ` ${duration(job.seconds)}`;
  const word = phaseWord[job.phase] === '' ? '' : ` ${phaseWord[job.phase]}`;
  return `${glyph}${strong ? `*${name}*` : name}${word}${took}`;
}
