import { decide } from '../accept.ts';
import { createCanI, type Provenance } from '../commands/can-i.ts';
import { type By, cancelBuiltIn, createCancel } from '../commands/cancel.ts';
import { help } from '../commands/help.ts';
import { createResolve } from '../commands/resolve.ts';
import { createRunShow, createRuns } from '../commands/runs.ts';
import { whoami } from '../commands/whoami.ts';
import type { BuiltIn } from '../core/built-in.ts';
import type { Run, RunStore } from '../core/run.ts';
import type { GatewayParts } from '../gateway.ts';

/** What the built-in commands need. */
export interface BuiltInWiring
  extends Pick<GatewayParts, 'audit' | 'note' | 'tick' | 'onDecision' | 'policy' | 'queue' | 'now'> {
  readonly store: RunStore;
  /** Which commit and merge request a rule came by, where that is known. */
  readonly provenance?: Provenance | undefined;
}

/** Whether somebody may do this to a run: whoever may run the very same command here, now. */
const decideAbout =
  (wiring: BuiltInWiring, purpose: 'cancel' | 'resolve') =>
  ({ caller, channel }: By, { command, input, line, id }: Run) =>
    decide(wiring, wiring.policy(), { caller, channel, command, input, line, purpose, run: id });

interface Wired extends BuiltInWiring {
  readonly cancel: ReturnType<typeof createCancel>;
}

/** The built-in commands: each name, and what answers it. */
const table: Readonly<Record<string, (wired: Wired) => BuiltIn>> = {
  help: () => help,
  'can-i': (wired) =>
    createCanI(
      ({ policy, caller, channel }, asked) => {
        return decide(wired, policy, { ...asked, caller, channel, purpose: 'can-i', run: null });
      },
      ownNames,
      wired.provenance,
    ),
  whoami: () => whoami,
  runs: ({ store }) => createRuns(store),
  'run show': ({ store }) => createRunShow(store),
  'run resolve': (wired) => createResolve({ ...wired, decide: decideAbout(wired, 'resolve') }),
  cancel: ({ cancel }) => cancelBuiltIn(cancel),
};

const ownNames: readonly string[] = Object.keys(table);

/** What the table may hold one day. */
const kept: readonly string[] = ['link', 'retry', 'play'];

/** Names that no declared command may take or begin with: the first words of the built-in ones, and those kept for later. */
export const reserved: readonly string[] = [
  ...new Set([...ownNames.map((name) => name.replace(/ .*$/, '')), ...kept]),
];

/** The built-in commands by name, and the cancel that the button shares. */
export const wireBuiltIns = (wiring: BuiltInWiring) => {
  const cancel = createCancel({ ...wiring, decide: decideAbout(wiring, 'cancel') });
  const builtIns: ReadonlyMap<string, BuiltIn> = new Map(
    Object.entries(table).map(([name, make]) => [name, make({ ...wiring, cancel })]),
  );
  return { builtIns, cancel };
};
