import type { Search } from '../db/product-criteria.ts';
import { matchesAnything, prepareSearch } from '../db/product-search.ts';
import { findSimilarWords } from '../db/product-words.ts';
import { toSearchTerms } from '../domain/search-query.ts';
import { nearestWords } from '../domain/spelling.ts';
import type { Dependencies } from './dependencies.ts';

/** Returns a search for similar words. Null when the words themselves find something, or no similar word is known. */
export async function correctSpelling(
  { database }: Dependencies,
  words: readonly string[],
  search: Search,
): Promise<Search | null> {
  if (await matchesAnything(database, search)) return null;
  const similar = await findSimilarWords(database, words);
  const terms = words.map((word) => [word, ...nearestWords(word, similar.get(word) ?? [])]);
  return terms.some((term) => term.length > 1) ? prepareSearch(database, toSearchTerms(terms)) : null;
}
