import type { Random } from './random.ts';
import { departments } from './words.ts';

/** Product kinds as people type them: one word each. */
export const nouns = Object.values(departments)
  .flatMap((shelves) => Object.values(shelves).flat())
  .filter((noun) => !noun.includes(' ') && noun.length >= 6);

/** The text in the search box after a few keys. */
export const prefixOf = (word: string): string => word.toLowerCase().slice(0, 5);

/** A typing error: two exchanged letters, or one replaced letter. The first letter is always correct. */
export function misspell(word: string, random: Random): string {
  const letters = [...word.toLowerCase()];
  const at = 2 + random.below(letters.length - 4);
  const [one = '', two = ''] = letters.slice(at, at + 2);
  if (one !== two && random.next() < 0.5) letters.splice(at, 2, two, one);
  else letters.splice(at, 1, one === 'e' ? 'i' : 'e');
  return letters.join('');
}

/** Brand and kind of a product: the search of somebody who looks for one product. */
export const firstAndLastWord = (name: string): string =>
  name
    .split(' ')
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join(' ');
