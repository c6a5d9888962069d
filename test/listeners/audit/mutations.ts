import { hashOf, zeros } from '../../../src/listeners/audit/chain.ts';

/** A number from 0 up to, but not including, `below`. */
export type Roll = (below: number) => number;

/** Dice that fall the same way for the same seed. */
export const dice = (seed: number): Roll => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const linesOf = (log: Buffer): Buffer[] => {
  const lines: Buffer[] = [];
  for (let from = 0; from < log.length; ) {
    const at = log.indexOf('\n', from);
    lines.push(log.subarray(from, at));
    from = at + 1;
  }
  return lines;
};

const joined = (lines: readonly Buffer[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));

/** Numbers and chains every line anew: what somebody can do who may write the file and has no key. */
const rechained = (lines: readonly Buffer[]): Buffer => {
  let prev = zeros;
  return joined(
    lines.map((line, at) => {
      const { seq: _seq, prev: _prev, at: time, ...told } = JSON.parse(line.toString());
      const text = JSON.stringify({ seq: at + 1, at: time, prev, ...told });
      prev = hashOf(text);
      return Buffer.from(text);
    }),
  );
};

const madeUp = (seq: number, prev: string): Buffer =>
  Buffer.from(
    JSON.stringify({ seq, at: '2026-11-21T01:00:00.000Z', prev, kind: 'restored', run: `made-up-${seq}` }),
  );

const edited = (line: Buffer, roll: Roll): Buffer => {
  const told = JSON.parse(line.toString());
  told[['run', 'account', 'kind', 'to'][roll(4)] ?? 'run'] = `edited-${roll(1000)}`;
  return Buffer.from(JSON.stringify(told));
};

const insertAt = (lines: readonly Buffer[], at: number, line: Buffer): Buffer[] => [
  ...lines.slice(0, at),
  line,
  ...lines.slice(at),
];

const seqOf = (line: Buffer | undefined): number =>
  line === undefined ? 0 : JSON.parse(line.toString()).seq;

const before = (lines: readonly Buffer[], at: number): string => {
  const line = lines[at - 1];
  return line === undefined ? zeros : hashOf(line);
};

const at = (lines: readonly Buffer[], place: number): Buffer => lines[place] ?? Buffer.alloc(0);

/** A character inside a value, not of its punctuation, becomes another one. */
const changeCharacter = (log: Buffer, roll: Roll): Buffer => {
  const lines = linesOf(log);
  const place = roll(lines.length);
  const line = Buffer.from(at(lines, place));
  const inside = [...line.keys()].filter((index) => /[a-z0-9]/i.test(String.fromCharCode(line[index] ?? 0)));
  line[inside[roll(inside.length)] ?? 0] = '0123456789abcdef'.charCodeAt(roll(16));
  return joined([...lines.slice(0, place), line, ...lines.slice(place + 1)]);
};

/** Every way to change a log that is tried, by name. */
export const mutations: Readonly<Record<string, (log: Buffer, roll: Roll) => Buffer>> = {
  'flip a bit': (log, roll) => {
    const changed = Buffer.from(log);
    const place = roll(log.length);
    changed[place] = (changed[place] ?? 0) ^ (1 << roll(8));
    return changed;
  },
  'replace a byte': (log, roll) => {
    const changed = Buffer.from(log);
    changed[roll(log.length)] = roll(256);
    return changed;
  },
  'change a character': changeCharacter,
  'delete a line': (log, roll) => joined(linesOf(log).toSpliced(roll(linesOf(log).length), 1)),
  'delete the last line': (log) => joined(linesOf(log).slice(0, -1)),
  'delete the first line': (log) => joined(linesOf(log).slice(1)),
  'repeat a line': (log, roll) => {
    const lines = linesOf(log);
    const place = roll(lines.length);
    return joined(insertAt(lines, place, at(lines, place)));
  },
  'repeat a line elsewhere': (log, roll) => {
    const lines = linesOf(log);
    return joined(insertAt(lines, roll(lines.length + 1), at(lines, roll(lines.length))));
  },
  'swap two lines': (log, roll) => {
    const lines = linesOf(log);
    const [one, two] = [roll(lines.length), roll(lines.length)];
    return joined(lines.with(one, at(lines, two)).with(two, at(lines, one)));
  },
  'swap two neighbours': (log, roll) => {
    const lines = linesOf(log);
    const one = roll(lines.length - 1);
    return joined(lines.with(one, at(lines, one + 1)).with(one + 1, at(lines, one)));
  },
  'insert a line that fits the one before it': (log, roll) => {
    const lines = linesOf(log);
    const place = roll(lines.length + 1);
    return joined(insertAt(lines, place, madeUp(seqOf(lines[place - 1]) + 1, before(lines, place))));
  },
  'insert a line that fits nowhere': (log, roll) => {
    const lines = linesOf(log);
    const place = roll(lines.length + 1);
    return joined(insertAt(lines, place, madeUp(roll(lines.length) + 1, zeros)));
  },
  'add a line to the end': (log) => {
    const lines = linesOf(log);
    return joined([...lines, madeUp(lines.length + 1, before(lines, lines.length))]);
  },
  'cut off the end': (log, roll) => log.subarray(0, roll(log.length)),
  'cut off the last newline': (log) => log.subarray(0, -1),
  'cut off the beginning': (log, roll) => log.subarray(1 + roll(log.length - 1)),
  'edit a line and chain the rest anew': (log, roll) => {
    const lines = linesOf(log);
    const place = roll(lines.length);
    return rechained(lines.with(place, edited(at(lines, place), roll)));
  },
  'delete a line and chain the rest anew': (log, roll) =>
    rechained(linesOf(log).toSpliced(roll(linesOf(log).length), 1)),
  'insert a line and chain the rest anew': (log, roll) => {
    const lines = linesOf(log);
    return rechained(insertAt(lines, roll(lines.length + 1), madeUp(1, zeros)));
  },
};
