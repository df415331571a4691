import type pg from 'pg';

/** The objects of a schema by name, for example `table "orders"`, each with the lines that define it. */
export type SchemaObjects = ReadonlyMap<string, readonly string[]>;

/**
 * Everything that a migration can define, as PostgreSQL itself writes it. Prisma's engine sees no CHECK constraint, trigger, function
 * or partial index. Objects of extensions are left out: the extension defines them.
 */
const DEFINITIONS = `
  WITH schema AS (SELECT current_schema()::regnamespace::oid AS id),
  owned AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
  tables AS (
    SELECT oid, relkind, format('%s %I', CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, relname) AS object
      FROM pg_class
     WHERE relnamespace = (SELECT id FROM schema) AND relkind IN ('r', 'p', 'v', 'm') AND relname <> '_prisma_migrations'
       AND ('pg_class'::regclass, oid) NOT IN (SELECT classid, objid FROM owned)
  )
  SELECT object, format('column %I %s%s%s%s%s', attname, format_type(atttypid, atttypmod),
           CASE WHEN attcollation NOT IN (0, typcollation) THEN ' COLLATE ' || attcollation::regcollation END,
           CASE WHEN attnotnull THEN ' NOT NULL' END,
           CASE attidentity WHEN '' THEN '' ELSE ' GENERATED AS IDENTITY' END,
           CASE attgenerated WHEN '' THEN ' DEFAULT ' ELSE ' GENERATED ALWAYS AS ' END || pg_get_expr(adbin, adrelid)) AS line
    FROM tables
    JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
    JOIN pg_type ON pg_type.oid = atttypid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  UNION ALL
  SELECT object, format('constraint %I %s', conname, pg_get_constraintdef(pg_constraint.oid))
    FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype <> 'n'
  UNION ALL
  SELECT object, pg_get_indexdef(indexrelid)
    FROM tables JOIN pg_index ON indrelid = tables.oid
   WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT object, pg_get_triggerdef(pg_trigger.oid)
    FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
  UNION ALL
  SELECT object, pg_get_viewdef(oid) FROM tables WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT format('function %s', oid::regprocedure), pg_get_functiondef(oid)
    FROM pg_proc
   WHERE pronamespace = (SELECT id FROM schema) AND prokind IN ('f', 'p')
     AND ('pg_proc'::regclass, oid) NOT IN (SELECT classid, objid FROM owned)
  UNION ALL
  SELECT format('enum %I', typname), string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
    FROM pg_type JOIN pg_enum ON enumtypid = pg_type.oid
   WHERE typnamespace = (SELECT id FROM schema)
   GROUP BY typname
  UNION ALL
  SELECT format('extension %I', extname), 'installed' FROM pg_extension
`;

/** Reads what the current schema of a database defines. */
export async function describeDatabase(client: pg.Client): Promise<SchemaObjects> {
  const { rows } = await client.query<{ object: string; line: string }>(DEFINITIONS);
  const objects = new Map<string, string[]>();
  for (const { object, line } of rows) objects.set(object, [...(objects.get(object) ?? []), line]);
  return objects;
}
