import type { Mark } from './marks.ts';

/** Puts back the three characters that Slack wants escaped (https://docs.slack.dev/messaging/formatting-message-text/#escaping). */
export function unescapeText(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_whole, name) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));
}

/** The address when it is one a page may safely link to (http, https or mailto), else undefined. */
export function safeUrl(text: string): string | undefined {
  const url = unescapeText(text);
  return /^(https?:\/\/[^\s/]|mailto:[^\s])/i.test(url) && URL.canParse(url) ? url : undefined;
}

function date(body: string): Mark | undefined {
  const found = /^!date\^(\d{1,12})\^([^^|]+)(?:\^([^|]*))?\|([\s\S]*)$/.exec(body);
  if (found === null) return undefined;
  const [, unix = '', format = '', url = '', fallback = ''] = found;
  const clean = { unix: Number(unix), format: unescapeText(format), fallback: unescapeText(fallback) };
  return { kind: 'date', ...clean, url: safeUrl(url) ?? '' };
}

function group(body: string): Mark | undefined {
  const found = /^!(here|channel|everyone|subteam\^[A-Z0-9]+)(?:\|([\s\S]*))?$/.exec(body);
  if (found === null) return undefined;
  const [, word = '', label = ''] = found;
  return { kind: 'group', label: unescapeText(label) || `@${word.replace(/\^.*/, '')}` };
}

function account(body: string): Mark | undefined {
  const found = /^([@#])([A-Z0-9]+)(?:\|([\s\S]*))?$/.exec(body);
  if (found === null) return undefined;
  const [, sign, id = '', label = ''] = found;
  return { kind: sign === '@' ? 'person' : 'channel', id, label: unescapeText(label) };
}

function link(body: string): Mark | undefined {
  const bar = body.indexOf('|');
  const url = safeUrl(bar < 0 ? body : body.slice(0, bar));
  if (url === undefined) return undefined;
  return { kind: 'link', url, label: bar < 0 ? url : unescapeText(body.slice(bar + 1)) || url };
}

/** What stands between `<` and `>`: a mention, a date or a link; undefined when it is none of these. */
export function readReference(body: string): Mark | undefined {
  return date(body) ?? group(body) ?? account(body) ?? link(body);
}
