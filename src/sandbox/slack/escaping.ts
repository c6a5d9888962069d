/** What a typed name stands for: ids by lower-case name. */
export interface Names {
  readonly people: ReadonlyMap<string, string>;
  readonly channels: ReadonlyMap<string, string>;
}

const special =
  /[&<>]|https?:\/\/[^\s<>]+|(?<![\w/@#.&-])@[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|(?<![\w/@#.&-])#[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?/gi;
const everyone = new Set(['here', 'channel', 'everyone']);

/**
 * Typed text as Slack sends it with `should_escape`: `&`, `<`, `>` as entities, known people and channels as `<@U…|name>` and `<#C…|name>`,
 * addresses in angle brackets (https://docs.slack.dev/interactivity/implementing-slash-commands).
 */
export function escapeTyped(text: string, names: Names): string {
  return text.replace(special, (found) => escapeOne(found, names));
}

function escapeOne(found: string, names: Names): string {
  const name = found.slice(1).toLowerCase();
  if (found.startsWith('@')) {
    if (everyone.has(name)) return `<!${name}>`;
    const id = names.people.get(name);
    return id === undefined ? found : `<@${id}|${name}>`;
  }
  if (found.startsWith('#')) {
    const id = names.channels.get(name);
    return id === undefined ? found : `<#${id}|${name}>`;
  }
  return found.length === 1 ? entities(found) : `<${entities(found)}>`;
}

function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
