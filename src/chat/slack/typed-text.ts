const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

const decoded = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

/**
 * Typed text as the person meant it: entities undone once, each `<…>` reference replaced by what it names: the id of a user,
 * channel or group, the address of a link (https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages).
 */
export const plainTyped = (text: string): string =>
  text
    .split(/(<[^<>]*>)/)
    .map((piece) => (/^<[^<>]*>$/.test(piece) ? decoded(named(piece)) : decoded(piece)))
    .join('');

function named(reference: string): string {
  const inner = reference.slice(1, -1);
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : inner.slice(bar + 1);
  if (/^[@#]./.test(target)) return target.slice(1);
  if (target.startsWith('!subteam^')) return target.slice('!subteam^'.length);
  if (target.startsWith('!')) return target.slice(1).replace(/\^.*$/s, '');
  if (/^mailto:./.test(target)) return target.slice('mailto:'.length);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return address(target, label);
  return reference;
}

// Slack turns a typed `example.com` into `<http://example.com|example.com>`; what was typed is meant.
const address = (url: string, label: string): string =>
  label !== '' && [`http://${label}`, `http://${label}/`].includes(url) ? label : url;
