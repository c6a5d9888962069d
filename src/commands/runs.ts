import type { BuiltIn, BuiltInCall } from '../core/built-in.ts';
import { noSuchRunReply, noteReply } from '../core/replies/refusals.ts';
import { runReply } from '../core/replies/run-reply.ts';
import { code, line, strong } from '../core/replies/spans.ts';
import type { Line, Reply } from '../core/reply.ts';
import type { Run, RunFilter, RunStore } from '../core/run.ts';

const shown = 10;

/** Some of the newest may be private ones of others. */
const looked = 60;

/** A run is seen where it was run, and by the one who ran it. */
export const mayBeSeen = (run: Run, account: string, channel: string): boolean =>
  run.caller.account === account || (run.channel.id === channel && run.audience === 'channel');

const filterFor = (call: BuiltInCall): RunFilter | undefined => {
  const base = { limit: looked };
  switch (call.rest) {
    case '':
      return { ...base, channel: call.channel.id };
    case 'mine':
      return { ...base, account: call.caller.account };
    case 'active':
    case 'failed':
      return { ...base, channel: call.channel.id, state: call.rest };
    default:
      return undefined;
  }
};

const row = (run: Run): Line =>
  line(
    code(run.id),
    ' ',
    { moment: run.createdAt },
    ' ',
    code(run.line),
    ` ${run.state} · ${run.caller.name}`,
  );

type ListRuns = Pick<RunStore, 'list'>;

/** What was in the way, and what is done about it. */
const problemRow = ({ told }: Run): Line => {
  if (told.givenUp !== undefined) return line(`    Given up: ${told.givenUp}`);
  const tries = told.failures === 1 ? 'once' : `${told.failures} times`;
  return line(`    Still trying, it went wrong ${tries} so far.`);
};

/** Runs whose last word did not get through to chat: those of this channel and the caller's own, once each. */
const undelivered = async (store: ListRuns, { caller, channel }: BuiltInCall): Promise<Reply> => {
  const state = 'undelivered';
  const here = await store.list({ state, channel: channel.id, limit: looked });
  const own = await store.list({ state, account: caller.account, limit: looked });
  const seen = new Map([...here, ...own].map((run) => [run.id, run]));
  const runs = [...seen.values()]
    .filter((run) => mayBeSeen(run, caller.account, channel.id))
    .sort((a, b) => b.createdAt - a.createdAt);
  if (runs.length === 0) return noteReply(line('Every run has had its last word.'));
  const rows = runs.slice(0, shown).flatMap((run) => [row(run), problemRow(run)]);
  const many = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  const newest = runs.length > shown ? `; the newest ${shown}` : '';
  return noteReply(
    line(strong(`${many} whose last word did not reach chat${newest}`)),
    ...rows,
    line(code('/chatops run show <id>'), ' tells how one ended.'),
  );
};

/** `runs [mine|active|failed|undelivered]`: the newest runs of this channel, or the caller's own anywhere. */
export const createRuns =
  (store: ListRuns): BuiltIn =>
  async (call) => {
    if (call.rest === 'undelivered') return undelivered(store, call);
    const filter = filterFor(call);
    if (filter === undefined)
      return noteReply(line('Usage: ', code('/chatops runs [mine|active|failed|undelivered]')));
    const { caller, channel } = call;
    const all = await store.list(filter);
    const runs = all.filter((run) => mayBeSeen(run, caller.account, channel.id)).slice(0, shown);
    if (runs.length === 0) return noteReply(line('No runs to show.'));
    return noteReply(
      line(strong(runs.length === 1 ? '1 run' : `The newest ${runs.length} runs`)),
      ...runs.map(row),
    );
  };

/** `run show <id>`: a run as it stands now, for the caller only. */
export const createRunShow =
  (store: Pick<RunStore, 'load'>): BuiltIn =>
  async ({ rest, caller, channel }) => {
    const run = await store.load(rest);
    if (run === undefined || !mayBeSeen(run, caller.account, channel.id)) return noSuchRunReply(rest);
    return { ...runReply(run), audience: 'caller', final: true };
  };
