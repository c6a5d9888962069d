import { type Html, html } from './html.ts';

/** A piece of a log line in one style; classes as the style sheet names them. */
interface Span {
  readonly text: string;
  readonly classes: string;
}

interface Style {
  bold: boolean;
  color: string;
}

const colors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/**
 * A job's log as numbered lines: colours kept, section markers hidden, overwritten text gone.
 * Lines of a `chat_reply` section are marked, because they are what chat shows.
 */
export function logLines(log: string): Html {
  const style: Style = { bold: false, color: '' };
  let inReply = false;
  const lines: Html[] = [];
  const rawLines = log.split('\n');
  if (rawLines.at(-1) === '') rawLines.pop();
  for (const raw of rawLines) {
    const { text, markers } = withoutMarkers(raw);
    const visible = overwritten(text);
    const starts = markers.includes('start');
    const inside: boolean = inReply || starts;
    if (markers.length > 0) inReply = markers.at(-1) === 'start';
    // A line that only carried markers would be an empty line nobody wrote.
    if (visible === '' && text !== raw) continue;
    lines.push(line(spans(visible, style), inside));
  }
  return html`${lines}`;
}

function line(parts: readonly Span[], inReply: boolean): Html {
  const inner = parts.map(({ text, classes }) =>
    classes ? html`<span class="${classes}">${text}</span>` : html`${text}`,
  );
  return html`<div class="line${inReply && ' reply'}"><span>${inner}</span></div>`;
}

/** Takes the runner's section markers out (https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections). */
function withoutMarkers(raw: string): {
  readonly text: string;
  readonly markers: readonly ('start' | 'end')[];
} {
  const markers: ('start' | 'end')[] = [];
  const pattern = /(?:\x1b\[0K)?section_(start|end):\d+:([\w.-]+)(?:\[[^\]\r]*\])?\r\x1b\[0K/g;
  const text = raw.replace(pattern, (_all, end: string, name: string) => {
    if (name === 'chat_reply') markers.push(end === 'start' ? 'start' : 'end');
    return '';
  });
  return { text, markers };
}

/** What a terminal shows of a line with carriage returns: the text after the last one that is not at its end. */
function overwritten(text: string): string {
  return text.replace(/\r+$/, '').split('\r').at(-1) ?? '';
}

/** Splits a line at its colour codes; other escape sequences vanish. `style` goes on to the next line. */
function spans(text: string, style: Style): readonly Span[] {
  const parts: Span[] = [];
  let at = 0;
  const push = (piece: string): void => {
    if (piece !== '')
      parts.push({ text: piece, classes: [style.color, style.bold && 'bold'].filter(Boolean).join(' ') });
  };
  for (const match of text.matchAll(/\x1b(?:\[([0-9;?]*)([A-Za-z])|\][^\x07]*\x07|.)/g)) {
    push(text.slice(at, match.index));
    if (match[2] === 'm') restyle(style, match[1] ?? '');
    at = match.index + match[0].length;
  }
  push(text.slice(at));
  return parts;
}

function restyle(style: Style, codes: string): void {
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) Object.assign(style, { bold: false, color: '' });
    else if (code === 1) style.bold = true;
    else if (code === 22) style.bold = false;
    else if (code === 39) style.color = '';
    else if (code >= 30 && code <= 37) style.color = `fg-${colors[code - 30]}`;
    else if (code >= 90 && code <= 97) style.color = `fg-${colors[code - 90]}`;
  }
}
