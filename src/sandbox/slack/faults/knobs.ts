import { type Knobs, readKnobs } from '../../faults/knobs.ts';

/** What can become of a call. Error and tooMany: nothing is done. resetAfter: it is done, and the connection ends. */
export const callFaults = ['error', 'tooMany', 'resetAfter'] as const;

/** The shares of all calls, to Web API methods and response_urls, that go wrong. */
export interface SlackKnobs {
  /** null: the dice go on from where they are. */
  readonly seed: number | null;
  readonly calls: Readonly<Record<(typeof callFaults)[number], number>>;
}

/** Reads the body of `PUT /-/sandbox/faults`. */
export function readSlackKnobs(body: unknown): Knobs<SlackKnobs> {
  return readKnobs(body, (top) => ({
    seed: top.whole('seed'),
    calls: top.section('calls').shares(...callFaults),
  }));
}

/** Nothing goes wrong. */
export const calm: SlackKnobs = { seed: 0, calls: { error: 0, tooMany: 0, resetAfter: 0 } };
