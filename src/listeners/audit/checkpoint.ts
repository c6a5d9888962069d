import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { GatewayError } from '../../core/errors.ts';

/** Why a checkpoint was made. After `close` nothing follows in the file but an `open` at the same line. */
export type CheckpointReason = 'open' | 'going' | 'close';

const reasons: readonly string[] = ['open', 'going', 'close'] satisfies readonly CheckpointReason[];

/** What a checkpoint says: so far the file had come, and this was its last line. */
export interface Checkpoint {
  /** SHA-256 of the file's first line, hex. */
  readonly file: string;
  readonly seq: number;
  /** SHA-256 of line `seq`, hex. */
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  readonly reason: CheckpointReason;
}

/** A checkpoint with an ES256 signature (r and s, base64url) over its text. */
export interface SignedCheckpoint extends Checkpoint {
  readonly signature: string;
}

/** The bytes that are signed. Its first line tells it from everything else that the key signs. */
export const textToSign = ({ file, seq, hash, at, reason }: Checkpoint): string =>
  ['chatops-audit-checkpoint 1', file, seq, hash, at, reason].join('\n');

const dsaEncoding = 'ieee-p1363';

const isP256 = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';

/** The key that signs, from a PEM. Rejects everything but a P-256 private key with `config.invalid`. */
export const signingKeyOf = (pem: string): KeyObject => {
  try {
    const key = createPrivateKey(pem);
    if (isP256(key)) return key;
  } catch {
    // The sentence below says what is needed; what was found may not be told.
  }
  throw new GatewayError(
    'config.invalid',
    'signing audit checkpoints: SIGNING_KEY is not a P-256 private key',
  );
};

/** The public key of a public or private PEM; undefined when it is not a P-256 key. */
export const publicKeyOf = (pem: string): KeyObject | undefined => {
  try {
    const key = createPublicKey(pem);
    return isP256(key) ? key : undefined;
  } catch {
    return undefined;
  }
};

/** The checkpoint with its signature. */
export const signed = (checkpoint: Checkpoint, key: KeyObject): SignedCheckpoint => {
  const signature = sign('sha256', Buffer.from(textToSign(checkpoint)), { key, dsaEncoding });
  return { ...checkpoint, signature: signature.toString('base64url') };
};

/** Whether one of the keys made the signature. */
export const isSignedBy = (checkpoint: SignedCheckpoint, keys: readonly KeyObject[]): boolean => {
  const text = Buffer.from(textToSign(checkpoint));
  const signature = Buffer.from(checkpoint.signature, 'base64url');
  return keys.some((key) => verify('sha256', text, { key, dsaEncoding }, signature));
};

/** The checkpoint as a line, told from audit lines by its kind. */
export const checkpointLine = (checkpoint: SignedCheckpoint): string =>
  JSON.stringify({ kind: 'checkpoint', ...checkpoint });

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const isReason = (value: unknown): value is CheckpointReason =>
  typeof value === 'string' && reasons.includes(value);

/** A checkpoint from its line, whoever signed it; undefined for anything else. */
export const readCheckpoint = (text: string): SignedCheckpoint | undefined => {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, file, seq, hash, at, reason, signature } = value as Record<string, unknown>;
  if (kind !== 'checkpoint' || !isHash(file) || !isHash(hash) || !isReason(reason)) return undefined;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (typeof at !== 'string' || typeof signature !== 'string') return undefined;
  return { file, seq, hash, at, reason, signature };
};
