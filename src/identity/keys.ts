import { createHmac, hkdfSync } from 'node:crypto';

/** A key of 32 bytes for one purpose, derived from a secret: https://www.rfc-editor.org/rfc/rfc5869 */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'chatops-gateway', purpose, 32));

/** HMAC-SHA256 of a text. */
export const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
