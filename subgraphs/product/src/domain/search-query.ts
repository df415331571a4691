/** Limits of a search text. Nobody types more, and each word costs time. */
const MAX_CHARACTERS = 500;
const MAX_WORDS = 12;

/** A shorter prefix matches too much of the vocabulary, so it is treated as a whole word. */
const MIN_PREFIX = 2;

/** One position of a search: a word, or its alternatives. */
export type Term = readonly string[];

/**
 * Splits a search into words. All characters except letters and digits separate words, so quotes, operators, NUL,
 * unpaired surrogates and emoji never reach PostgreSQL. Apostrophes are removed, as in the indexed text
 * (`search_text` in the migrations).
 */
export function splitWords(text: string): string[] {
  const words = text
    .slice(0, MAX_CHARACTERS)
    .replaceAll("'", '')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, MAX_WORDS);
}

/**
 * Joins terms in PostgreSQL's tsquery language. The last term also matches as a prefix, since its word may still be
 * incomplete.
 */
export function toTsquery(terms: readonly Term[]): string {
  return terms
    .map((term, index) => `(${term.map((word) => lexeme(word, index === terms.length - 1)).join(' | ')})`)
    .join(' & ');
}

function lexeme(word: string, isLast: boolean): string {
  return `'${word}'${isLast && [...word].length >= MIN_PREFIX ? ':*' : ''}`;
}
