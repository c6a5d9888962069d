import { createCanI } from '../commands/can-i.ts';
import { type CancelParts, cancelBuiltIn, createCancel } from '../commands/cancel.ts';
import { help } from '../commands/help.ts';
import { createRunShow, createRuns } from '../commands/runs.ts';
import { whoami } from '../commands/whoami.ts';
import type { BuiltIn } from '../core/built-in.ts';
import type { RunStore } from '../core/run.ts';
import { decide, type GatewayParts } from '../gateway.ts';

/** Names that no declared command may take. `run` and `link` are kept for the same. */
export const reserved: readonly string[] = [
  'help',
  'can-i',
  'whoami',
  'runs',
  'run',
  'cancel',
  'link',
  'retry',
  'play',
];

const ownNames: readonly string[] = ['help', 'can-i', 'whoami', 'runs', 'run show', 'cancel'];

/** What the built-in commands need. */
export interface BuiltInWiring
  extends Pick<GatewayParts, 'audit' | 'tick' | 'onDecision' | 'policy' | 'queue' | 'now'> {
  readonly store: RunStore;
}

/** The built-in commands by name, and the cancel that the button shares. */
export const wireBuiltIns = (wiring: BuiltInWiring) => {
  const { store, policy } = wiring;
  const decideCancel: CancelParts['decide'] = ({ caller, channel }, run) => {
    const { command, input, line, id } = run;
    return decide(wiring, policy(), { caller, channel, command, input, line, purpose: 'cancel', run: id });
  };
  const cancel = createCancel({ ...wiring, decide: decideCancel });
  const canI = createCanI(
    (call, asked) =>
      decide(wiring, call.policy, {
        ...asked,
        caller: call.caller,
        channel: call.channel,
        purpose: 'can-i',
        run: null,
      }),
    ownNames,
  );
  const builtIns: ReadonlyMap<string, BuiltIn> = new Map([
    ['help', help],
    ['can-i', canI],
    ['whoami', whoami],
    ['runs', createRuns(store)],
    ['run show', createRunShow(store)],
    ['cancel', cancelBuiltIn(cancel)],
  ]);
  return { builtIns, cancel };
};
