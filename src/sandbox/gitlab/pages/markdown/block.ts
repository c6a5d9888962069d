import type { Html } from '../html.ts';

/** A piece of a page made from some lines, and where the next one begins. */
export interface Block {
  readonly shown: Html;
  readonly next: number;
}

/** Makes blocks of the lines that stand within another block. */
export type Inner = (lines: readonly string[]) => readonly Html[];
