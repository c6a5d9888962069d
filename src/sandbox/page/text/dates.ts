const day = 86_400_000;

const styles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

/** Where and in which language a date is written. */
export interface Clock {
  readonly now: number;
  readonly locale: string;
  readonly timeZone?: string;
}

function zone(clock: Clock): Intl.DateTimeFormatOptions {
  return clock.timeZone === undefined ? {} : { timeZone: clock.timeZone };
}

function write(ms: number, style: string, clock: Clock): string {
  const options: Intl.DateTimeFormatOptions = { ...styles[style], ...zone(clock), hourCycle: 'h23' };
  return new Intl.DateTimeFormat(clock.locale, options).format(ms);
}

function relativeDay(ms: number, clock: Clock): string | undefined {
  const same = (other: number) => write(ms, 'date_num', clock) === write(other, 'date_num', clock);
  const offset = same(clock.now) ? 0 : same(clock.now - day) ? -1 : same(clock.now + day) ? 1 : undefined;
  if (offset === undefined) return undefined;
  return new Intl.RelativeTimeFormat(clock.locale, { numeric: 'auto' }).format(offset, 'day');
}

function ago(ms: number, clock: Clock): string {
  const seconds = Math.round((ms - clock.now) / 1000);
  const units = [['day', 86_400] as const, ['hour', 3600] as const, ['minute', 60] as const];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
  const format = new Intl.RelativeTimeFormat(clock.locale, { numeric: 'auto' });
  return format.format(Math.trunc(seconds / size), unit);
}

/**
 * Writes a date by Slack's format string, e.g. `{date_short_pretty} at {time}`
 * (https://docs.slack.dev/messaging/formatting-message-text/#date-formatting); unknown tokens stay as they are.
 */
export function writeDate(unix: number, format: string, clock: Clock): string {
  const ms = unix * 1000;
  if (Number.isNaN(new Date(ms).getTime())) return '';
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => {
    if (token === 'ago') return ago(ms, clock);
    const style = token.replace(/_pretty$/, '');
    if (!Object.hasOwn(styles, style)) return whole;
    const near = style === token ? undefined : relativeDay(ms, clock);
    return near ?? write(ms, style, clock);
  });
}
