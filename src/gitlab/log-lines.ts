/** The runner's log timestamps (FF_TIMESTAMPS): 27 characters of time, stream, and `+` where a line goes on. https://docs.gitlab.com/ci/jobs/job_logs/ */
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{2}[OE]([ +])/;

/** The log without the runner's timestamps; lines that were split for length are whole again. Other logs stay as they are. */
export const withoutTimestamps = (trace: string): string => {
  if (!timestamp.test(trace)) return trace;
  return trace.split('\n').reduce((text, line, index) => {
    const [prefix = '', joint] = timestamp.exec(line) ?? [];
    const rest = line.slice(prefix.length);
    if (index === 0) return rest;
    return joint === '+' ? `${text}${rest}` : `${text}\n${rest}`;
  }, '');
};

/** Escape sequences: OSC and other strings up to their end, CSI, and the two-character ones (ECMA-48). */
const sequence =
  /\x1b(?:[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\[([0-?]*)[ -/]*([@-~])|\[[0-?]*[ -/]*$|[ -/]*[0-~]|$)/y;

/** A line as it would stand on a terminal: colours gone, carriage returns and backspaces carried out, erased parts erased. */
export const cleanLine = (line: string): string => {
  if (!/[\x00-\x08\x0b-\x1f\x7f]/.test(line)) return line;
  const cells: string[] = [];
  let column = 0;
  for (let at = 0; at < line.length; ) {
    sequence.lastIndex = at;
    const found = line[at] === '\x1b' ? sequence.exec(line) : null;
    if (found) {
      if (found[2] === 'K') erase(cells, column, found[1] ?? '');
      at += found[0].length;
      continue;
    }
    const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
    at += character.length;
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(0, column - 1);
    else if (character === '\t' || (character >= ' ' && character !== '\x7f')) {
      while (cells.length < column) cells.push(' ');
      cells[column] = character;
      column += 1;
    }
  }
  return cells.join('');
};

const erase = (cells: string[], column: number, how: string): void => {
  if (how === '' || how === '0') cells.length = Math.min(cells.length, column);
  else if (how === '2') cells.length = 0;
  else if (how === '1') cells.fill(' ', 0, Math.min(cells.length, column + 1));
};

/** Every line cleaned, and no empty lines at the end. */
export const cleanText = (text: string): string =>
  text.split('\n').map(cleanLine).join('\n').replace(/\n+$/, '');
