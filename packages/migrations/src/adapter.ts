import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

/** Type numbers of PostgreSQL: `"char"`, the one-letter type of its system catalogues, and `text`. */
const [CATALOG_CHAR, TEXT] = [18, 25];

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** `PrismaPg` with two corrections that the schema engine needs. */
export class MigrationAdapter extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    sendScriptsWhole(adapter);
    readCatalogChars(adapter);
    return adapter;
  }
}

/**
 * `PrismaPg` splits a script at every semicolon, also within a string or the body of a function. The server splits it correctly.
 * The server also runs the whole script in one transaction, as the native engine of `prisma migrate deploy` does.
 */
function sendScriptsWhole(adapter: Adapter): void {
  adapter.executeScript = async (sql) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] }));
}

/**
 * `PrismaPg` rejects results with a `"char"`. The engine's query about constraints has one, and expects a character.
 */
function readCatalogChars(adapter: Adapter): void {
  const pool = adapter.underlyingDriver();
  const queryRaw = adapter.queryRaw.bind(adapter);
  let characters: number[] = []; // of the last result: the engine sends one query at a time
  const query = pool.query.bind(pool) as (query: pg.QueryConfig) => Promise<pg.QueryResult>;
  const queryAndRelabel = async (text: pg.QueryConfig): Promise<pg.QueryResult> => {
    const result = await query(text);
    const fields = result.fields ?? []; // a script of several statements has a list of results, which nothing reads
    characters = [...fields.keys()].filter((index) => fields[index]?.dataTypeID === CATALOG_CHAR);
    for (const index of characters) (fields[index] as pg.FieldDef).dataTypeID = TEXT;
    return result;
  };
  pool.query = queryAndRelabel as typeof pool.query;
  adapter.queryRaw = async (text) => {
    const result = await queryRaw(text);
    return {
      ...result,
      columnTypes: result.columnTypes.map((type, index) =>
        characters.includes(index) ? ColumnTypeEnum.Character : type,
      ),
    };
  };
}
