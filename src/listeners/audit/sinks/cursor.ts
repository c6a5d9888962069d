import { readFile, rename, writeFile } from 'node:fs/promises';

/** How far a sink has come. */
export interface Cursor {
  /** Id of the audit file: of another file nothing was sent. */
  readonly file: string | undefined;
  /** Bytes of the audit file. */
  readonly lines: number;
  /** Number of the last line that was sent. */
  readonly seq: number;
  /** Bytes of the checkpoints. */
  readonly checkpoints: number;
}

/** Nothing was sent yet. */
export const atBeginning: Cursor = { file: undefined, lines: 0, seq: 0, checkpoints: 0 };

const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const parse = (text: string): Cursor | undefined => {
  try {
    const { file, lines, seq, checkpoints } = JSON.parse(text) as Record<string, unknown>;
    if (typeof file !== 'string' || !isPlace(lines) || !isPlace(seq) || !isPlace(checkpoints))
      return undefined;
    return { file, lines, seq, checkpoints };
  } catch {
    return undefined;
  }
};

/** The cursor in a file; the beginning when there is none or it cannot be read: better twice than never. */
export const loadCursor = async (path: string): Promise<Cursor> =>
  parse(await readFile(path, 'utf8').catch(() => '')) ?? atBeginning;

/** Replaces the cursor as a whole. */
export const saveCursor = async (path: string, cursor: Cursor): Promise<void> => {
  await writeFile(`${path}.new`, `${JSON.stringify(cursor)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
};
