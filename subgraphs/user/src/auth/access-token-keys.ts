import { importJWK, type JWK } from 'jose';
import { z } from 'zod';

/** A private key of access tokens, and when it is used. */
export interface AccessTokenKey {
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly privateKey: Awaited<ReturnType<typeof importJWK>>;
  readonly publicJwk: JWK;
  /** From then on it signs. Before that, only the JWKS shows it, so that verifiers know it before the first token. */
  readonly signsFrom: Date | null;
  /** Until then the JWKS shows it. */
  readonly verifiesUntil: Date | null;
}

/** All keys. The signing key comes before older ones. */
export type AccessTokenKeys = readonly AccessTokenKey[];

const time = z.iso.datetime().transform((text) => new Date(text));
const privateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
  signsFrom: time.optional(),
  verifiesUntil: time.optional(),
});
const keyList = z
  .array(privateJwk)
  .min(1)
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length);

/** Describes what {@link parseAccessTokenKeys} accepts, for error messages. */
export const EXPECTED_KEYS = 'must be a private Ed25519 JWK in JSON, with kid, or a list of them with different kids';

/** The message never quotes the text, which holds private keys. */
export class BadKeysError extends Error {
  constructor(source: string) {
    super(`${source} ${EXPECTED_KEYS}.`);
    this.name = 'BadKeysError';
  }
}

/**
 * Reads private JWKs, one or a list. A member `signsFrom` or `verifiesUntil` says when a key is used; without them it always is.
 *
 * @param source where the text is from, for the message of BadKeysError
 */
export async function parseAccessTokenKeys(text: string, source: string): Promise<AccessTokenKeys> {
  const parsed = keyList.safeParse(asList(text));
  if (!parsed.success) throw new BadKeysError(source);
  const keys = parsed.data.map(async ({ d, signsFrom = null, verifiesUntil = null, ...jwk }) => {
    const publicJwk = { ...jwk, alg: 'EdDSA', use: 'sig' } as const;
    const privateKey = await importJWK({ ...publicJwk, d }, 'EdDSA');
    return { kid: jwk.kid, alg: 'EdDSA', privateKey, publicJwk, signsFrom, verifiesUntil } as const;
  });
  return Promise.all(keys).catch(() => {
    throw new BadKeysError(source);
  });
}

/** Returns whether a text has the form of keys, without importing them. */
export function looksLikeKeys(text: string): boolean {
  return keyList.safeParse(asList(text)).success;
}

function asList(text: string): unknown {
  try {
    return [JSON.parse(text)].flat();
  } catch {
    return undefined;
  }
}

/** Returns the keys whose tokens are valid at a time, including keys that sign later. */
export function verifyingKeys(keys: AccessTokenKeys, at: Date): AccessTokenKeys {
  return keys.filter(({ verifiesUntil }) => verifiesUntil === null || at < verifiesUntil);
}

/** Returns the first key of the list that may sign at a time. */
export function signingKey(keys: AccessTokenKeys, at: Date): AccessTokenKey | undefined {
  return verifyingKeys(keys, at).find(({ signsFrom }) => signsFrom === null || signsFrom <= at);
}
