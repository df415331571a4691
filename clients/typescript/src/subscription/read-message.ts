import type { Result } from '../results/result.ts';
import { GraphqlError, HttpError } from '../errors.ts';
import { readEntry, type UncheckedEntry } from '../transport/read-result.ts';
import { readRetryAfter } from '../transport/retry-after.ts';

/** A refusal of the server, and the pause that it asks for, in milliseconds. */
export interface Refusal {
  readonly error: GraphqlError | HttpError;
  readonly retryAfterMs: number | undefined;
}

/** Reads one message of a subscription. @returns undefined for a text that is no GraphQL */
export function readMessage(text: string): Result<unknown> | undefined {
  const { data, errors } = parseObject(text);
  if (errors === undefined && data === undefined) return undefined;
  if (errors !== undefined && !Array.isArray(errors)) return undefined;
  const entries: readonly UncheckedEntry[] = errors ?? [];
  return { data: data ?? null, errors: entries.map(readEntry) };
}

/** Reads an answer that is no stream. */
export function readRefusal({ status, headers }: Response, text: string): Refusal {
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), Date.now());
  const message = readMessage(text);
  const error =
    message === undefined || message.errors.length === 0
      ? new HttpError(status, retryAfterMs)
      : new GraphqlError(message.errors, message.data, status);
  return { error, retryAfterMs };
}

function parseObject(text: string): { readonly data?: unknown; readonly errors?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
