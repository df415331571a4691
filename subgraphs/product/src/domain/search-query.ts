/** What a search reads of a text: more is nothing that a person types, and each word costs. */
const MAX_CHARACTERS = 500;
const MAX_WORDS = 12;

/** A shorter beginning stands for too much of the vocabulary: it is taken for a whole word. */
const MIN_PREFIX = 2;

/** One place of a search: the word, or words that may stand for it. */
export type Term = readonly string[];

/**
 * The words of a search. Everything that is no letter or digit parts words and has no other meaning, so quotes and
 * operators, NUL, halves of surrogate pairs and emoji never reach PostgreSQL. Apostrophes are left out, as in what is
 * searched (`search_text` in the migrations).
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

/** All terms in PostgreSQL's tsquery language; the last one also as the beginning of a word, for who is still typing. */
export function toTsquery(terms: readonly Term[]): string {
  return terms
    .map((term, index) => `(${term.map((word) => lexeme(word, index === terms.length - 1)).join(' | ')})`)
    .join(' & ');
}

function lexeme(word: string, isLast: boolean): string {
  return `'${word}'${isLast && [...word].length >= MIN_PREFIX ? ':*' : ''}`;
}
