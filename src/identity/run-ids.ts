import { deriveKey, hmac } from './keys.ts';

/** Crockford's alphabet in lower case: no letter is taken for a digit, and an id is safe in names, refs, URLs and shells. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 100 bits: nobody meets an id twice, and nobody guesses one. */
const length = 20;

const base32 = (bytes: Buffer): string => {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 13)) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length }, (_, at) => alphabet[Number((bits >> BigInt(at * 5)) & 31n)] ?? '').join('');
};

/**
 * Run ids made from a delivery's natural key: the same delivery gives the same run, even when the store has forgotten it. Keyed, so
 * that nobody can make a pipeline under the name of a run to come.
 */
export const createRunIds = (secret: string): ((delivery: string) => string) => {
  const key = deriveKey(secret, 'run ids');
  return (delivery) => `r${base32(hmac(key, `v1|${delivery}`))}`;
};
