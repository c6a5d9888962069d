import type { FastifyError, FastifyInstance } from 'fastify';
import { parseForm } from './form.ts';

/** Reads JSON and form bodies leniently as GitLab does, and answers what cannot be read in its words. */
export function addBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json/, { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body);
    // Clients name JSON even when they send nothing.
    if (text.trim() === '') return done(null, {});
    const read = readJson(text);
    return read.ok ? done(null, read.value) : done(invalidJson());
  });
  app.addContentTypeParser(
    /^application\/x-www-form-urlencoded/,
    { parseAs: 'string' },
    (_request, body, done) => done(null, parseForm(String(body))),
  );
  app.addContentTypeParser(/^text\/plain/, { parseAs: 'string' }, (_request, _body, done) => done(null, {}));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 415) {
      const type = request.headers['content-type'] ?? '';
      return reply.code(415).send({ error: `The provided content-type '${type}' is not supported.` });
    }
    if (status < 500) return reply.code(status).send({ message: `${status} ${error.message}` });
    request.log.error(error, `The sandbox's GitLab failed on ${request.method} ${request.url}`);
    return reply.code(500).send({ message: '500 Internal Server Error' });
  });
}

function readJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function invalidJson(): Error {
  return Object.assign(new Error('Bad Request - The body is not valid JSON'), { statusCode: 400 });
}
