import type { AuditRow, Delivered, Ledgers, MessageRow, PipelineRow, RunRow } from './ledgers.ts';
import { runsIn, tagsIn } from './tag.ts';

/** Everything the ledgers hold about one run. */
export interface RunStory {
  readonly id: string;
  readonly stored: RunRow | undefined;
  readonly pipelines: readonly PipelineRow[];
  readonly messages: readonly MessageRow[];
  readonly audit: readonly AuditRow[];
  /** Every end that the store or the audit tells of; one, when all is well. A store that lost its last writes need not know an old end again. */
  readonly ends: readonly string[];
  /** The tags that any ledger ties to it; one, when all is well. */
  readonly tags: readonly string[];
}

/** A command with every run that any ledger ties to it. */
export interface CommandStory extends Delivered {
  readonly runs: readonly RunStory[];
}

interface Stories {
  readonly commands: readonly CommandStory[];
  readonly runs: ReadonlyMap<string, RunStory>;
}

const grouped = <T>(rows: readonly T[], keysOf: (row: T) => readonly string[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const group = groups.get(key) ?? [];
      group.push(row);
      groups.set(key, group);
    }
  }
  return groups;
};

const own = (run: string | null): readonly string[] => (run === null ? [] : [run]);

/** A decision on running it; questions and cancels are about a run but do not make it. */
const decides = ({ kind, purpose, allowed }: AuditRow): boolean =>
  kind === 'decision' && purpose === 'run' && allowed;

const over: readonly string[] = ['succeeded', 'failed', 'canceled', 'expired', 'uncertain'];

const endsOf = (stored: RunRow | undefined, audit: readonly AuditRow[]): readonly string[] => {
  const states = [stored?.state, ...audit.map(({ to }) => to)];
  return over.filter((end) => states.includes(end));
};

const tagsOfRun = (
  stored: RunRow | undefined,
  audit: readonly AuditRow[],
  answered: readonly Delivered[],
): readonly string[] => [
  ...new Set([
    ...tagsIn(stored?.line ?? ''),
    ...audit.filter(decides).flatMap(({ line }) => tagsIn(line ?? '')),
    ...answered.map(({ tag }) => tag),
  ]),
];

/** Puts the ledgers' rows together by run, and the runs to the commands that they came of. */
export const tellStories = (ledgers: Ledgers): Stories => {
  const stored = new Map(ledgers.runs.map((run) => [run.id, run]));
  const pipelines = grouped(ledgers.pipelines, ({ run }) => own(run));
  const messages = grouped(ledgers.messages, ({ text }) => runsIn(text));
  const audit = grouped(ledgers.audit, ({ run }) => own(run));
  const answered = grouped(ledgers.delivered, ({ attempts }) => [
    ...new Set(attempts.flatMap(({ run }) => own(run))),
  ]);
  const ids = [stored, pipelines, audit, answered].flatMap((rows) => [...rows.keys()]);
  const runs = new Map(
    [...new Set(ids)].map((id): [string, RunStory] => {
      const lines = audit.get(id) ?? [];
      const tags = tagsOfRun(stored.get(id), lines, answered.get(id) ?? []);
      const story = { pipelines: pipelines.get(id) ?? [], messages: messages.get(id) ?? [], audit: lines };
      return [id, { id, stored: stored.get(id), ends: endsOf(stored.get(id), lines), tags, ...story }];
    }),
  );
  const byTag = grouped([...runs.values()], ({ tags }) => tags);
  const commands = ledgers.delivered.map((each) => ({ ...each, runs: byTag.get(each.tag) ?? [] }));
  return { commands, runs };
};
