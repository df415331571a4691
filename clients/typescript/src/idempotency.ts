import type { AnyOperation } from './operation.ts';

/** A new idempotency key: 128 random bits in hexadecimal. */
export function newIdempotencyKey(): string {
  // crypto.randomUUID() exists only in a browser's secure contexts.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface KeyedVariables {
  readonly input?: { readonly idempotencyKey?: string };
}

/**
 * Adds an idempotency key when the operation takes one and the caller gave none. The key is made once for a request, before
 * the first attempt, so that all attempts carry the same key.
 */
export function fillIdempotencyKey(
  operation: AnyOperation,
  variables: object,
): { readonly variables: object; readonly idempotencyKey: string | undefined } {
  if (operation.takesIdempotencyKey !== true) return { variables, idempotencyKey: undefined };
  const { input }: KeyedVariables = variables;
  const idempotencyKey = input?.idempotencyKey ?? newIdempotencyKey();
  return { variables: { ...variables, input: { ...input, idempotencyKey } }, idempotencyKey };
}
