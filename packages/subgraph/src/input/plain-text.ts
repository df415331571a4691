import { z } from 'zod';

/** Text that PostgreSQL accepts: no NUL, no unpaired surrogate. At most `max` characters. */
export function plainText(max: number) {
  return requireStorable(z.string().max(max));
}

function requireStorable(text: z.ZodString) {
  return text.refine((value) => !value.includes('\0') && value.isWellFormed(), {
    message: 'must be well-formed text without NUL',
    abort: true,
  });
}

/**
 * Line breaks, other control characters, and characters that change the writing direction to make text look like
 * something else.
 */
const MISLEADING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * White space, characters without a form of their own, and letters that are drawn as nothing, such as the fillers of Hangul and the
 * empty pattern of Braille.
 */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Returns whether a text is not empty, and a reader sees nothing of it. */
function isInvisible(text: string): boolean {
  return text.trim() !== '' && INVISIBLE.test(text);
}

/**
 * Text of one line, such as a name, without control characters. At most `max` characters in Unicode's form NFC, which is returned: the
 * same name typed on another system is then the same text. It may be empty, but it does not only consist of characters that nobody
 * sees.
 */
export function plainLine(max: number) {
  return requireStorable(z.string().normalize('NFC').max(max))
    .refine((text) => !MISLEADING.test(text), 'must be one line without control characters')
    .refine((text) => !isInvisible(text), 'must have a visible character');
}

/** Text that a reader needs, such as a reason: at least one visible character, at most `max` in all. */
export function requiredText(max: number) {
  return plainText(max)
    .trim()
    .min(1)
    .refine((text) => !isInvisible(text), 'must have a visible character');
}
