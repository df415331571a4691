import { dictionary } from '@zxcvbn-ts/language-common';

const common = new Set(dictionary['passwords-common']);

/** Characters that people put around a word to make it long enough. */
const PADDING = /^[^\p{L}]+|[^\p{L}]+$/gu;
/** With fewer letters between digits, an attacker must guess the digits. */
const WORD_LENGTH = 4;

/**
 * Returns whether a password is one of the first that attackers guess: a password of the list in any case, one
 * between digits and signs as in `Password2024!!`, or a repetition of one or of up to four characters.
 */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase();
  const bare = folded.replace(PADDING, '');
  const unit = repeatedUnit(folded);
  const forms = bare.length < WORD_LENGTH ? [folded, unit] : [folded, unit, bare, repeatedUnit(bare)];
  return unit.length <= 4 || forms.some((form) => common.has(form));
}

/** Finds the shortest text whose repetition gives `text`. The last repetition may be incomplete. */
function repeatedUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    if (text.startsWith(text.slice(length))) return text.slice(0, length);
  }
  return text;
}
