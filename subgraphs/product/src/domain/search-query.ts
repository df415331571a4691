/** Limits of a search text. Nobody types more, and each word costs time. */
const MAX_CHARACTERS = 500;
const MAX_WORDS = 12;
const MAX_WORD_CHARACTERS = 100;

/** One position of a search: a word, or its alternatives. */
export type Term = readonly string[];

/** Apostrophes, invisible joiners, and accents of Latin, Greek, Cyrillic, Hebrew and Arabic letters. */
const LEFT_OUT = new RegExp(
  [
    String.raw`['\u2018\u2019\u02bb\u02bc\u00ad\u200c\u200d\u2060\ufeff`,
    String.raw`\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670`,
    String.raw`\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]`,
  ].join(''),
  'g',
);

/** Letters that Unicode does not decompose, and what people type instead. */
const REPLACED: Readonly<Record<string, string>> = {
  ς: 'σ',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

const SEPARATORS = /[\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}\p{Cs}]+/u;

/** A run of a script that puts no space between words. */
const unspacedScripts = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const UNSPACED = new RegExp(
  String.raw`((?:(?=[\p{L}\p{M}\p{N}])[ー${unspacedScripts.map((name) => `\\p{Script=${name}}`).join('')}])+)`,
  'gu',
);

/** Maps all ways to write a text to one. Compatibility forms, case and accents do not matter. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(LEFT_OUT, '')
    .toLowerCase()
    .replace(/[ςøłđħŧıßæœ]/g, (letter) => REPLACED[letter] ?? letter)
    .normalize('NFKC');
}

/**
 * Splits a text into words, as `search_words` in the migrations does with the texts of products. Punctuation, symbols,
 * spaces and control characters separate words, so quotes, operators, NUL, unpaired surrogates and emoji never reach
 * PostgreSQL.
 */
export function cutWords(text: string): string[] {
  return fold(text)
    .split(SEPARATORS)
    .flatMap((word) => word.split(UNSPACED))
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, MAX_WORD_CHARACTERS).join(''));
}

/** The different words of a search. */
export function splitWords(text: string): string[] {
  return [...new Set(cutWords(text.slice(0, MAX_CHARACTERS)))].slice(0, MAX_WORDS);
}

/** The terms of a search as the function `search_query` of the database takes them. */
export function toSearchTerms(terms: readonly Term[]): string[] {
  return terms.map((term) => term.join(' '));
}
