import { badUserInput } from '@shop/graphql';

const maxLength = 1_000;

/** Encodes the sort key of a row as an opaque cursor. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws GraphQLError BAD_USER_INPUT for a text that {@link encodeCursor} did not make */
export function decodeCursor(cursor: string): string[] {
  const parts = cursor.length > maxLength ? undefined : parseOrUndefined(cursor);
  const isOurs = Array.isArray(parts) && parts.length > 0 && parts.every((part) => typeof part === 'string');
  if (!isOurs || encodeCursor(parts) !== cursor) throw badUserInput('The cursor is not one that was given out.');
  return parts;
}

function parseOrUndefined(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
