/** A place that a response_url may point to. `port` is empty for the protocol's own. */
export interface AllowedHost {
  readonly protocol: 'https:' | 'http:';
  readonly hostname: string;
  readonly port: string;
}

/** The places, or everything that is wrong with the list. */
export type AllowedHosts =
  | { readonly ok: true; readonly hosts: readonly AllowedHost[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads entries like `host[:port]` (https) and `http://host:port` (plain http there, for tests). */
export function readAllowedHosts(entries: readonly string[]): AllowedHosts {
  const read = entries.map((entry) => ({ entry, host: hostOf(entry) }));
  const problems = read
    .filter(({ host }) => host === undefined)
    .map(({ entry }) => `"${entry}" is neither host[:port] nor http://host:port`);
  if (read.length === 0) problems.push('no host is named');
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, hosts: read.flatMap(({ host }) => (host === undefined ? [] : [host])) };
}

function hostOf(entry: string): AllowedHost | undefined {
  const plain = entry.startsWith('http://');
  const authority = plain ? entry.slice('http://'.length) : entry;
  const url = /^[^/?#@\\\s]+$/.test(authority)
    ? parsed(`${plain ? 'http' : 'https'}://${authority}`)
    : undefined;
  if (url === undefined || url.hostname === '') return undefined;
  return { protocol: plain ? 'http:' : 'https:', hostname: url.hostname, port: url.port };
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Whether the gateway may send something to this URL. */
export function isAllowed(hosts: readonly AllowedHost[], address: string): boolean {
  const url = parsed(address);
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return hosts.some(
    (host) => host.protocol === url.protocol && host.hostname === url.hostname && host.port === url.port,
  );
}
