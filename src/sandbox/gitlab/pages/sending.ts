import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Only the pages' own style and script, no inline ones, no frames, forms only to here. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const webFiles = [
  ['frame.css', 'text/css; charset=utf-8'],
  ['pipeline.css', 'text/css; charset=utf-8'],
  ['lists.css', 'text/css; charset=utf-8'],
  ['log.css', 'text/css; charset=utf-8'],
  ['merge-request.css', 'text/css; charset=utf-8'],
  ['diff.css', 'text/css; charset=utf-8'],
  ['prose.css', 'text/css; charset=utf-8'],
  ['page.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
] as const;

/** Sends a page with the headers that keep foreign markup powerless. */
export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .send(page);
}

/** Adds the style, the script and the icon, read once from the folder beside the code. */
export function addWebFiles(app: FastifyInstance): void {
  for (const [name, type] of webFiles) {
    const content = readFileSync(new URL(`../web/${name}`, import.meta.url));
    app.get(`/-/web/${name}`, (_request, reply) =>
      reply
        .headers({ 'content-type': type, 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' })
        .send(content),
    );
  }
}
