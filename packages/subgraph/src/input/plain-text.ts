import { z } from 'zod';

/** Text that PostgreSQL accepts: no NUL, no unpaired surrogate. At most `max` characters. */
export function plainText(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), {
      message: 'must be well-formed text without NUL',
      abort: true,
    });
}

/**
 * Line breaks, other control characters, and characters that change the writing direction to make text look like
 * something else.
 */
const MISLEADING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Text of one line, such as a name, without control characters. At most `max` characters. */
export function plainLine(max: number) {
  return plainText(max).refine((text) => !MISLEADING.test(text), 'must be one line without control characters');
}
