import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the built page: `/` and the files beside `index.html`, no folders below. */
export function registerAssets(app: FastifyInstance, assetsDir: string): void {
  app.get('/', (_request, reply) => serve(reply, assetsDir, 'index.html'));
  app.get<{ Params: { file: string } }>('/:file', (request, reply) =>
    serve(reply, assetsDir, request.params.file),
  );
}

async function serve(reply: FastifyReply, folder: string, file: string): Promise<FastifyReply> {
  const type = types[extname(file)];
  const content =
    type === undefined || !/^[\w-]+(\.[\w-]+)+$/.test(file) ? null : await read(join(folder, file));
  reply.headers({
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
  if (content !== null && type !== undefined) return reply.type(type).send(content);
  const advice =
    file === 'index.html'
      ? `The page is not built: ${folder} has no index.html.`
      : `There is no ${file} here.`;
  return reply.code(404).type('text/plain; charset=utf-8').send(advice);
}

async function read(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch {
    return null;
  }
}
