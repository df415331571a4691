import type pg from 'pg';

/** Collations of the schema that another version of ICU sorts, each with the indexes in its order. */
const OUTDATED = `
  SELECT c.oid::regcollation::text AS collation,
         array_agg(pg_index.indexrelid::regclass::text) FILTER (WHERE pg_index.indexrelid IS NOT NULL) AS indexes
    FROM pg_collation AS c
    LEFT JOIN pg_index ON c.oid = ANY(pg_index.indcollation)
   WHERE c.collnamespace = current_schema()::regnamespace
     AND c.collversion <> pg_collation_actual_version(c.oid)
   GROUP BY c.oid`;

/**
 * Builds indexes again whose order has changed: a server with another version of ICU may sort names differently, and would then not find
 * all rows through the old index. Queries that need the index wait meanwhile.
 */
export async function refreshCollations(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ collation: string; indexes: string[] | null }>(OUTDATED);
  for (const { collation, indexes } of rows) {
    for (const index of indexes ?? []) await client.query(`REINDEX INDEX ${index}`);
    await client.query(`ALTER COLLATION ${collation} REFRESH VERSION`);
  }
}
