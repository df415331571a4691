import { dictionary } from '@zxcvbn-ts/language-common';

const common = new Set(dictionary['passwords-common']);

/** What people put after a word, or before it, to make it long enough. */
const PADDING = /^[^\p{L}]+|[^\p{L}]+$/gu;
/** Fewer letters than this between digits say nothing: the digits are what must be guessed. */
const WORD_LENGTH = 4;

/**
 * Whether a password is among those that are guessed first: one of the list, in whatever case; one of it between digits and
 * signs, as in `Password2024!!`; or one of it, or up to four characters, over and over.
 */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  const bare = folded.replace(PADDING, '');
  const unit = repeatedUnit(folded);
  const forms = bare.length < WORD_LENGTH ? [folded, unit] : [folded, unit, bare, repeatedUnit(bare)];
  return unit.length <= 4 || forms.some((form) => common.has(form));
}

/** The shortest text that makes up `text` when it is repeated, the last time perhaps in part. */
function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    if (text.startsWith(text.slice(length))) return text.slice(0, length);
  }
  return text;
}
