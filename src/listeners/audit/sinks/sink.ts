/** A line of the audit or one of its checkpoints, on its way out. */
export interface SinkLine {
  /** SHA-256 of the line, hex: the same whenever it is sent again. */
  readonly id: string;
  /** The line as it stands in the file, without its newline. */
  readonly text: string;
}

/** What became of some lines. */
export type Sent =
  | {
      readonly sent: true;
      /** What the receiver will never take: a sentence for each line that is left out. */
      readonly passedOver: readonly string[];
    }
  | {
      readonly sent: false;
      /** A sentence without any secret. */
      readonly problem: string;
      /** It were fewer lines that it might take. */
      readonly tooLarge?: boolean;
      /** The receiver asks to be left alone so long. */
      readonly notWithinMs?: number;
    };

/** A place that hears of every line. Lines may come again; their ids tell. */
export interface Sink {
  /** Names the cursor's file and the metric. */
  readonly name: string;
  /** Milliseconds to gather lines for before they are sent. */
  readonly gatherMs: number;
  /** Never rejects for what the receiver says. Gives up when the signal says so. */
  send(lines: readonly SinkLine[], signal: AbortSignal): Promise<Sent>;
}

/** How a sink does. */
export interface SinkHealth {
  readonly sink: string;
  /** Audit lines that it has not taken yet. */
  readonly lag: number;
  /** Why the last try failed; undefined when it went well. */
  readonly problem: string | undefined;
  /** Lines that the receiver will never take, since the start. */
  readonly passedOver: number;
}
