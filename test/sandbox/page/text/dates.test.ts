import t from 'tap';
import { writeDate } from '../../../../src/sandbox/page/text/dates.ts';

const noon = Date.UTC(2026, 2, 10, 12, 0, 0);
const clock = { now: noon, locale: 'en-US', timeZone: 'UTC' };
const at = (ms: number, format: string) => writeDate((noon + ms) / 1000, format, clock);
const hour = 3_600_000;

t.test('a date is written by its format', async (t) => {
  t.equal(at(0, '{nothing} {time}'), '{nothing} 12:00', 'an unknown token stays');
  t.equal(
    writeDate(Number.NaN, '{time}', clock),
    '',
    'no time at all gives nothing, so that the fallback is shown',
  );
  t.equal(at(0, '{date_num} {date_short} {date_long}'), '03/10/2026 Mar 10, 2026 Tuesday, March 10, 2026');
  t.equal(at(0, '{time_secs}'), '12:00:00');
  t.equal(at(-24 * hour, '{date_pretty} at {time}'), 'yesterday at 12:00');
  t.equal(at(-72 * hour, '{date_short_pretty}'), 'Mar 7, 2026', 'pretty only near by');
  t.equal(at(-90 * 60_000, '{ago}'), '1 hour ago');
});
