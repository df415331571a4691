import { sqlOver } from '@shop/subgraph';
import type { Database } from './database.ts';

/** Finds known words similar to each of the given ones, the most similar first. */
export async function findSimilarWords({ client }: Database, words: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await sqlOver(client).query<{ word: string; similar: string[] }>(
    `SELECT asked.word, array(
       SELECT known.word FROM product_words known WHERE search_sketch(known.word) % search_sketch(asked.word)
        ORDER BY similarity(search_sketch(known.word), search_sketch(asked.word)) DESC, known.word LIMIT 20) AS similar
       FROM unnest($1::text[]) AS asked(word)`,
    [words],
  );
  return new Map(rows.map(({ word, similar }) => [word, similar]));
}
