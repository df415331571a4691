import type { AnyOperation } from './operation.ts';

/** A new idempotency key: 128 random bits in hexadecimal. */
export function newIdempotencyKey(): string {
  // crypto.randomUUID() exists only in a browser's secure contexts.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface KeyedVariables {
  readonly input?: { readonly idempotencyKey?: string | null } | null;
}

/**
 * Adds an idempotency key when the operation takes one and the caller gave none, and returns the key. The key is made once for a
 * request, before the first attempt, so that all attempts carry the same key.
 */
export function fillIdempotencyKey(
  operation: AnyOperation,
  variables: object,
): { readonly variables: object; readonly idempotencyKey: string | undefined } {
  const { input }: KeyedVariables = variables;
  if (operation.takesIdempotencyKey !== true) {
    const isKeyed = operation.type === 'mutation' && operation.hasSeveralFields !== true;
    return { variables, idempotencyKey: isKeyed ? (input?.idempotencyKey ?? undefined) : undefined };
  }
  const idempotencyKey = input?.idempotencyKey ?? newIdempotencyKey();
  return { variables: { ...variables, input: { ...input, idempotencyKey } }, idempotencyKey };
}
