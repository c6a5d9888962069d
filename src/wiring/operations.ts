import type { RunStore } from '../core/run.ts';
import type { Gateway } from '../gateway.ts';
import type { ReadyCheck } from '../http/operations.ts';

/** What readiness depends on. */
export interface ReadyWiring {
  readonly store: Pick<RunStore, 'ping'>;
  readonly audit: { readonly writable: () => boolean };
  readonly policy: {
    /** Which revision is in force, and what keeps a newer one from it. */
    readonly standing: () => string;
  };
}

type Answered = (outcome: 'answered' | 'not accepted', seconds: number) => void;

/** What `/readyz` asks. Newer policy files with mistakes do not make the gateway unready: the last good ones decide. */
export const readyChecks = ({ store, audit, policy }: ReadyWiring): readonly ReadyCheck[] => [
  {
    name: 'store',
    check: async () => {
      const ready = await store.ping().then(
        () => true,
        () => false,
      );
      return {
        ready,
        sentence: ready ? 'runs can be stored' : 'the store cannot be reached; nothing new is accepted',
      };
    },
  },
  {
    name: 'audit',
    check: async () => {
      const ready = audit.writable();
      return {
        ready,
        sentence: ready ? 'the audit can be written' : 'the audit cannot be written; nothing new is accepted',
      };
    },
  },
  {
    name: 'policy',
    check: async () => ({ ready: true, sentence: policy.standing() }),
  },
];

/** The gateway with a clock beside it: how long each command took to be answered. `tick` counts microseconds. */
export const timed = (gateway: Gateway, tick: () => number, answered: Answered): Gateway => ({
  ...gateway,
  receive: async (invocation) => {
    const began = tick();
    const took = (): number => (tick() - began) / 1e6;
    try {
      const reply = await gateway.receive(invocation);
      answered('answered', took());
      return reply;
    } catch (error) {
      answered('not accepted', took());
      throw error;
    }
  },
});
