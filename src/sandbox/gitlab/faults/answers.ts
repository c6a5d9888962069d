import type { FastifyReply } from 'fastify';

/** The page of a proxy whose GitLab did not answer it. */
export const badGatewayPage =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>GitLab is not responding</p></body></html>\n';

/** A page where JSON was due, as from a log-in portal in between. */
export const otherPage = '<!doctype html><title>Sign in</title><p>Sign in to go on.</p>\n';

/** GitLab's own 500. */
export function sendError(reply: FastifyReply): FastifyReply {
  return reply.code(500).send({ message: '500 Internal Server Error' });
}

/** A proxy's 502. */
export function sendBadGateway(reply: FastifyReply): FastifyReply {
  return reply.code(502).type('text/html; charset=utf-8').send(badGatewayPage);
}

/** GitLab's 429, which comes before anything is done (https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/). */
export function sendTooMany(reply: FastifyReply): FastifyReply {
  return reply.code(429).header('retry-after', '1').type('text/plain; charset=utf-8').send('Retry later\n');
}
