import { requestLife } from './times.ts';

/** What the sandbox's GitLab does wrong, as shares of the requests. Times in milliseconds. */
export interface GitLabFaults {
  readonly seed: number;
  readonly start?: Readonly<Record<string, number>>;
  readonly lateMs?: readonly [number, number];
  readonly slowMs?: readonly [number, number];
  readonly requestLifeMs?: number;
  readonly lists?: { readonly fail?: number; readonly lagMs?: readonly [number, number] };
  readonly reads?: { readonly fail?: number };
  readonly webhooks?: {
    readonly lose?: number;
    readonly twice?: number;
    readonly delayMs?: readonly [number, number];
  };
}

/** What the sandbox's Slack does wrong, as shares of the calls. */
export interface ChatFaults {
  readonly seed: number;
  readonly calls?: { readonly error?: number; readonly tooMany?: number; readonly resetAfter?: number };
}

/** A GitLab and a chat app that both have a very bad day. */
export const badDay = (seed: number): { readonly gitlab: GitLabFaults; readonly chat: ChatFaults } => ({
  gitlab: {
    seed,
    start: {
      errorAfter: 0.06,
      resetAfter: 0.06,
      resetBefore: 0.02,
      errorBefore: 0.05,
      tooMany: 0.03,
      late: 0.08,
      slow: 0.05,
    },
    lateMs: [450, 1500],
    slowMs: [50, 350],
    requestLifeMs: requestLife,
    lists: { fail: 0.03, lagMs: [0, 300] },
    reads: { fail: 0.02 },
    webhooks: { lose: 0.1, twice: 0.1, delayMs: [0, 500] },
  },
  // After any of these the gateway leaves the channel alone for a while, and here all runs share one.
  chat: { seed, calls: { error: 0.01, tooMany: 0.004, resetAfter: 0.01 } },
});
