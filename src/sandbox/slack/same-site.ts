import type { IncomingHttpHeaders } from 'node:http';

/**
 * Why a request must not be taken as coming from the sandbox's own page, or null when it may.
 * Only loopback names are served (another name means DNS rebinding), and a browser's request must come from this very origin.
 */
export function refuseStranger(headers: IncomingHttpHeaders): string | null {
  const host = headers.host ?? '';
  if (!isLoopback(host))
    return `the sandbox's page is only served on this machine's own names, not on "${host}"`;
  if (headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') !== host) {
    return 'a page of another site may not use the sandbox';
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'a page of another site may not use the sandbox';
  }
  return null;
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name);
}
