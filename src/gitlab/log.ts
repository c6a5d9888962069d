import { cleanLine, cleanText, withoutTimestamps } from './log-lines.ts';

/** The start or the end of a section of a job's log; positions within the text. */
interface Marker {
  readonly kind: 'start' | 'end';
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** GitLab's own pattern. Without the carriage return and the erase sequence at its end it is no marker. */
const markerPattern = /section_(start|end):\d+:([a-zA-Z0-9_.-]+)(?:\[\w+=\w+(?:, ?\w+=\w+)*\])?\r\x1b\[0K/g;

/** The sections whose text GitLab sends to chat, first found counts. */
const replySections = ['chat_reply', 'step_script', 'build_script'];

/** More bytes than this GitLab does not send, only a link. https://docs.gitlab.com/ci/chatops/ */
export const gitlabLimitBytes = 3584;

const markersOf = (trace: string): readonly Marker[] =>
  [...trace.matchAll(markerPattern)].map((found) => ({
    kind: found[1] === 'start' ? 'start' : 'end',
    name: found[2] ?? '',
    from: found.index,
    to: found.index + found[0].length,
  }));

/** A section's text by GitLab's rule: exactly two markers of the name, the start before the end. */
const sectionOf = (trace: string, markers: readonly Marker[], name: string): string | undefined => {
  const [start, end, ...more] = markers.filter((marker) => marker.name === name);
  if (start?.kind !== 'start' || end?.kind !== 'end' || more.length > 0) return undefined;
  return trace.slice(start.to, end.from);
};

const firstSection = (trace: string, markers: readonly Marker[]) => {
  for (const name of replySections) {
    const text = sectionOf(trace, markers, name);
    if (text !== undefined) return { name, text };
  }
  return undefined;
};

/** GitLab drops the first line and the empty lines at the end. */
const withoutFirstLine = (text: string): string => text.replace(/\n+$/, '').split('\n').slice(1).join('\n');

/** What GitLab's own ChatOps answers for a successful job. `tooLarge`: it would send only a link. */
export type GitLabReply =
  | { readonly shows: 'text'; readonly text: string; readonly tooLarge: boolean }
  | { readonly shows: 'nothing'; readonly because: 'no section' | 'empty section' };

/** What GitLab would show of the log of a successful job, byte for byte. https://docs.gitlab.com/ci/chatops/ */
export const gitlabReply = (trace: string): GitLabReply => {
  const section = firstSection(trace, markersOf(trace));
  if (section === undefined) return { shows: 'nothing', because: 'no section' };
  const text = withoutFirstLine(section.text);
  if (text === '') return { shows: 'nothing', because: 'empty section' };
  return { shows: 'text', text, tooLarge: Buffer.byteLength(text) > gitlabLimitBytes };
};

/** A text for people out of a log: what the job wrote as its reply, or the output of its script. */
export interface LogReply {
  readonly from: 'chat_reply' | 'script';
  readonly text: string;
}

/**
 * The reply of a successful job: GitLab's text, cleaned. Beyond GitLab: text on the marker's own line is kept,
 * several `chat_reply` sections are joined, and one that was never closed counts when GitLab would show nothing.
 */
export const replyOf = (trace: string): LogReply | undefined => {
  const plain = withoutTimestamps(trace);
  const markers = markersOf(plain);
  const { texts, isOpen } = chatSections(plain, markers);
  if (texts.length > (isOpen ? 1 : 0)) return chatReplyFrom(texts);
  const section = firstSection(plain, markers);
  const text = section && cleanText(withoutFirstLine(section.text));
  return text ? { from: 'script', text } : chatReplyFrom(texts);
};

/** The text of `replyOf`. */
export const replyText = (trace: string): string | undefined => replyOf(trace)?.text;

/** What a job wrote into `chat_reply` sections, closed or not, whatever became of the job. */
export const chatReplyText = (trace: string): string | undefined => {
  const plain = withoutTimestamps(trace);
  return chatReplyFrom(chatSections(plain, markersOf(plain)).texts)?.text;
};

const chatReplyFrom = (texts: readonly string[]): LogReply | undefined => {
  const text = texts
    .map(sectionWords)
    .filter((one) => one !== '')
    .join('\n');
  return text === '' ? undefined : { from: 'chat_reply', text };
};

/** Text on the marker's own line is a line of its own; an empty rest of that line is none. */
const sectionWords = (text: string): string => {
  const [first = '', ...rest] = text.split('\n');
  const isBlank = cleanLine(first).trim() === '';
  return cleanText((isBlank ? rest : [first, ...rest]).join('\n'));
};

/** The texts of all `chat_reply` sections; `isOpen` when the last one was not closed. */
const chatSections = (
  trace: string,
  markers: readonly Marker[],
): { readonly texts: readonly string[]; readonly isOpen: boolean } => {
  const texts: string[] = [];
  let open: Marker | undefined;
  for (const marker of markers.filter(({ name }) => name === 'chat_reply')) {
    if (open) texts.push(trace.slice(open.to, marker.from));
    open = marker.kind === 'start' ? marker : undefined;
  }
  if (open) texts.push(trace.slice(open.to, endOfOpen(trace, markers, open)));
  return { texts, isOpen: open !== undefined };
};

/** An unclosed section ends where a section around it ends, else with the log. */
const endOfOpen = (trace: string, markers: readonly Marker[], open: Marker): number => {
  const around = markers
    .filter(({ kind, to }) => kind === 'start' && to <= open.from)
    .map(({ name }) => name);
  const end = markers.find(
    ({ kind, name, from }) => kind === 'end' && from >= open.to && around.includes(name),
  );
  return end?.from ?? trace.length;
};

/** What the runner says about itself, not about the script. A system failure or a time-out is no noise. */
const runnerNoise =
  /^(?:Cleaning up project directory and file based variables|Cleaning up file based variables|ERROR: Job failed: (?:exit (?:code|status) \d+|command terminated with exit code \d+)|Executing "\w+" stage of the job script|Uploading artifacts for failed job|Running after_script|section_(?:start|end):\S*)\s*$/;

/** The last lines of a failed job that say something, oldest first; the runner's verdict only when there is nothing else. */
export const failureLines = (trace: string, count: number): string => {
  const plain = withoutTimestamps(trace);
  const script = meaningful(scriptPart(plain));
  const lines = script.length > 0 ? script : meaningful(plain);
  if (lines.length > 0) return lines.slice(-count).join('\n');
  const verdict = plain
    .split('\n')
    .map(cleanLine)
    .findLast((line) => line.startsWith('ERROR: Job failed'));
  return verdict ?? '';
};

const scriptPart = (trace: string): string => {
  const markers = markersOf(trace);
  const start = markers.find(({ kind, name }) => kind === 'start' && /^(?:step|build)_script$/.test(name));
  if (!start) return '';
  const end = markers.find(
    ({ kind, name, from }) => kind === 'end' && name === start.name && from >= start.to,
  );
  return trace.slice(start.to, end?.from);
};

const meaningful = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => cleanLine(line).trimEnd())
    .filter((line) => line !== '' && !runnerNoise.test(line));
