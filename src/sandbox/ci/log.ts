/** Writes one job's log in GitLab Runner's style: sections that GitLab folds, echoed commands in green, warnings in yellow. */
export interface JobLog {
  /** Text exactly as the job printed it. */
  raw(text: string): void;
  line(text: string): void;
  warning(text: string): void;
  /** Opens a section under a cyan title and closes the one before. */
  section(name: string, title: string): void;
  endSection(): void;
  /** The closing line of a job that succeeded. */
  succeeded(): void;
  /** The closing line of a job that did not, as `exit code 1`. */
  failed(why: string): void;
}

const ERASE = '\u001b[0K';
const RESET = '\u001b[0;m';

/** Starts a log whose text goes to `write`; after `mostBytes` a note is written and everything else is dropped. */
export function createJobLog(write: (text: string) => void, now: () => number, mostBytes: number): JobLog {
  let written = 0;
  let open: string | undefined;

  const raw = (text: string): void => {
    if (written > mostBytes || text === '') return;
    const bytes = Buffer.byteLength(text);
    if (written + bytes <= mostBytes) write(text);
    else write(`${cut(text, mostBytes - written)}${full(mostBytes)}`);
    written += bytes;
  };
  const mark = (edge: 'start' | 'end', name: string): string =>
    `section_${edge}:${Math.floor(now() / 1000)}:${name}\r${ERASE}`;
  const endSection = (): void => {
    if (open !== undefined) raw(mark('end', open));
    open = undefined;
  };

  return {
    raw,
    endSection,
    line: (text) => raw(`${text}\n`),
    warning: (text) => raw(`\u001b[0;33mWARNING: ${text}${RESET}\n`),
    section(name, title) {
      endSection();
      open = name;
      raw(`${mark('start', name)}${ERASE}\u001b[36;1m${title}${RESET}${RESET}\n`);
    },
    succeeded() {
      endSection();
      raw(`\u001b[32;1mJob succeeded${RESET}\n`);
    },
    failed(why) {
      endSection();
      raw(`\u001b[31;1mERROR: Job failed: ${why}${RESET}\n`);
    },
  };
}

function full(mostBytes: number): string {
  return `\n\u001b[33;1mJob's log exceeded limit of ${mostBytes} bytes.\nJob execution will continue but no more output will be collected.${RESET}\n`;
}

/** At most so many bytes of a text, never half a character. */
function cut(text: string, bytes: number): string {
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
