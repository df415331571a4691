import { z } from 'zod';

/** Text that PostgreSQL takes: no NUL, no half of a surrogate pair. At most `max` characters. */
export function plainText(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), {
      message: 'must be well-formed text without NUL',
      abort: true,
    });
}

/** Line breaks and other control characters, and those that turn the direction of what follows, to look like something else. */
const MISLEADING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Text of one line, such as a name: without control characters. At most `max` characters. */
export function plainLine(max: number) {
  return plainText(max).refine((text) => !MISLEADING.test(text), 'must be one line without control characters');
}
