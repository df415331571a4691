import { z } from 'zod';

/** Text that PostgreSQL takes: no NUL, no half of a surrogate pair. At most `max` characters. */
export function plainText(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must be well-formed text without NUL');
}
