import type { Limits, Mode } from '../../core/command.ts';
import { shown } from '../hints.ts';
import { durationMs, rate } from './durations.ts';
import { allowOnly, type Reader } from './reader.ts';

const minutes = 60_000;
const hours = 60 * minutes;

/** How long a pipeline is followed when the command does not say: a link's pipeline may wait for a person. */
const waitAtMost: Readonly<Record<Mode, number>> = { direct: hours, wait: hours, link: 24 * hours };

const readDuration = (reader: Reader, key: string, otherwise: number): number => {
  const text = reader.text(key);
  if (text === undefined) return otherwise;
  const ms = durationMs(text);
  if (ms === undefined)
    reader.wrong(key, `${shown(text)} must be a time such as 30s, 2m or 24h, at most 7 days`);
  return ms ?? otherwise;
};

const readRate = (reader: Reader): Limits['perCaller'] => {
  const text = reader.text('perCaller');
  if (text === undefined) return undefined;
  return rate(text) ?? reader.wrong('perCaller', `${shown(text)} must be a rate such as 5/min or 20/h`);
};

/** The guard rails, with the defaults filled in: started within two minutes, followed for one hour (a link: a day). */
export const readLimits = (command: Reader, mode: Mode): Limits => {
  const reader = command.table('limits');
  if (reader === undefined)
    return { perCaller: undefined, startWithinMs: 2 * minutes, waitAtMostMs: waitAtMost[mode] };
  allowOnly(reader, ['perCaller', 'startWithin', 'waitAtMost']);
  if (mode === 'direct' && reader.has('waitAtMost'))
    reader.wrong('waitAtMost', 'a direct command follows no pipeline');
  return {
    perCaller: readRate(reader),
    startWithinMs: readDuration(reader, 'startWithin', 2 * minutes),
    waitAtMostMs: readDuration(reader, 'waitAtMost', waitAtMost[mode]),
  };
};
