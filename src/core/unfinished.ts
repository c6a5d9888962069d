import type { AuditLine } from './audit-entry.ts';
import { runFromRecord } from './new-run.ts';
import { type Canceling, isFinal, type Run, type RunState } from './run.ts';

/** How a run ended, as far as the record says. */
export interface Ended {
  readonly state: RunState;
  readonly because: string | null;
  readonly at: number;
}

/** A run that the record does not know to be over and told. */
export interface Unfinished {
  /** As it was first saved. */
  readonly run: Run;
  /** When it was accepted, by the clock of the gateway, and when the request was signed, by that of the chat app. */
  readonly at: number;
  readonly sentAt: number;
  /** An intent is on record: its POST may have been made. */
  readonly sent: boolean;
  /** A pipeline is on record: GitLab can tell how it ended. */
  readonly hasPipeline: boolean;
  readonly canceledBy: Canceling | null;
  /** It ended, but nobody is known to have been told. */
  readonly ended: Ended | null;
}

const begun = (line: Extract<AuditLine, { kind: 'decision' }>): Unfinished | undefined => {
  const run = line.purpose === 'run' && line.allowed ? runFromRecord(line) : undefined;
  const sentAt = line.accepted?.sentAt ?? 0;
  return run && { run, at: line.at, sentAt, sent: false, hasPipeline: false, canceledBy: null, ended: null };
};

const endedBy = ({ to, because, at }: Extract<AuditLine, { kind: 'state' }>): Ended | null =>
  isFinal(to) ? { state: to, because, at } : null;

/** What one more line makes of a run; undefined when nothing is left to be done for it. */
const after = (known: Unfinished, line: AuditLine): Unfinished | undefined => {
  switch (line.kind) {
    case 'intent':
      return { ...known, sent: true };
    case 'pipeline':
      return { ...known, sent: true, hasPipeline: true };
    case 'cancel':
      return { ...known, canceledBy: { account: line.account, name: line.account, at: line.at } };
    case 'state':
      return { ...known, ended: endedBy(line) ?? known.ended };
    case 'refused':
    case 'reply':
      return undefined;
    default:
      return known;
  }
};

/** The runs that the record, oldest line first, leaves unfinished. One whose end was told is over, whatever is on record after. */
export const unfinishedRuns = (lines: readonly AuditLine[]): readonly Unfinished[] => {
  const runs = new Map<string, Unfinished | 'over'>();
  for (const line of lines) {
    const id = 'run' in line ? line.run : null;
    const known = id === null ? 'over' : runs.get(id);
    if (id === null || known === 'over') continue;
    if (known !== undefined) runs.set(id, after(known, line) ?? 'over');
    else if (line.kind === 'decision') {
      const begins = begun(line);
      if (begins !== undefined) runs.set(id, begins);
    }
  }
  return [...runs.values()].filter((run) => run !== 'over');
};
