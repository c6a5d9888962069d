import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from './keys.ts';

const version = 's1.';
const nonceBytes = 12;
const tagBytes = 16;

const open = (key: Buffer, sealed: string): string | undefined => {
  if (!sealed.startsWith(version)) return undefined;
  const bytes = Buffer.from(sealed.slice(version.length), 'base64url');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const plain = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(plain).toString('utf8');
  } catch {
    // Changed, cut, or sealed under another secret.
    return undefined;
  }
};

/** Hides short texts that are stored with a run, such as an address that anybody who knows it could post to (AES-256-GCM). */
export const createSeal = (secret: string, purpose: string) => {
  const key = deriveKey(secret, `seal ${purpose}`);
  return {
    seal: (plain: string): string => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      const hidden = [nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return version + Buffer.concat(hidden).toString('base64url');
    },
    /** The text again; undefined when it was changed or sealed elsewhere. */
    open: (sealed: string): string | undefined => open(key, sealed),
  };
};
