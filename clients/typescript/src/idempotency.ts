import type { AnyOperation } from './operation.ts';

/** A new idempotency key: 128 random bits. */
export function newIdempotencyKey(): string {
  // Not randomUUID(): browsers have that in secure contexts only.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The variables with an idempotency key where the operation takes one and the caller gave none. It is made once for a
 * request, before the first attempt, so that all attempts carry the same.
 */
export function fillIdempotencyKey(
  operation: AnyOperation,
  variables: unknown,
): { readonly variables: unknown; readonly idempotencyKey: string | undefined } {
  if (operation.takesIdempotencyKey !== true) return { variables, idempotencyKey: undefined };
  const { input } = variables as { readonly input: { readonly idempotencyKey?: string } };
  const idempotencyKey = input.idempotencyKey ?? newIdempotencyKey();
  return { variables: { ...(variables as object), input: { ...input, idempotencyKey } }, idempotencyKey };
}
