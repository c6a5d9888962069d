import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import jwt from 'jsonwebtoken';
import { GatewayError } from '../core/errors.ts';

/** What a job can prove about the run that started it. */
export interface TicketClaims {
  readonly run: string;
  readonly account: string;
  readonly person: string | null;
  readonly channel: string;
  readonly command: string;
  /** SHA-256 over the canonical command and input, hex. */
  readonly digest: string;
  readonly revision: string;
  /** Path of the project whose pipeline it is for; the token's audience. */
  readonly project: string;
}

/** How tickets are made. `issuer` is the gateway's public address. */
export interface TicketOptions {
  /** PEM of a P-256 private key; without one a key is made that lives as long as this process. */
  readonly signingKey: string | undefined;
  readonly issuer: string;
  readonly now: () => number;
  readonly lifeSeconds?: number;
}

const readKey = (pem: string): KeyObject => {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new GatewayError('config.invalid', 'reading SIGNING_KEY: it is not a private key in PEM form', {
      cause,
    });
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    const how = 'openssl ecparam -name prime256v1 -genkey -noout';
    throw new GatewayError('config.invalid', `reading SIGNING_KEY: it must be a P-256 key (${how})`);
  }
  return key;
};

/** RFC 7638: the same key always has the same id. */
const thumbprint = ({ crv, kty, x, y }: JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');

/** Signs a ticket for each run: a short-lived ES256 JWT that its jobs can check against the published key. */
export const createTickets = ({ signingKey, issuer, now, lifeSeconds = 600 }: TicketOptions) => {
  const ephemeral = signingKey === undefined;
  const key = ephemeral ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : readKey(signingKey);
  const publicJwk = createPublicKey(key).export({ format: 'jwk' });
  const keyid = thumbprint(publicJwk);
  return {
    ephemeral,
    sign: ({ project, run, ...claims }: TicketClaims): string => {
      const iat = Math.floor(now() / 1000);
      const payload = { ...claims, run, project, iat, exp: iat + lifeSeconds };
      return jwt.sign(payload, key, { algorithm: 'ES256', keyid, issuer, audience: project, subject: run });
    },
    /** The public key, for whoever checks tickets: https://www.rfc-editor.org/rfc/rfc7517#section-5 */
    jwks: () => ({ keys: [{ ...publicJwk, kid: keyid, alg: 'ES256', use: 'sig' }] }),
  };
};
