import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

/** PostgreSQL's `"char"`, the one-letter type of its catalogues, and `text`. */
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
 * `PrismaPg` cuts a script at every semicolon, also within a string or a function's body. The server knows better where statements
 * end, and runs a script that is sent as one as one transaction, which is what the native engine of `prisma migrate deploy` does.
 */
function sendScriptsWhole(adapter: Adapter): void {
  adapter.executeScript = async (sql) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] }));
}

/** `PrismaPg` refuses results that hold a `"char"`, as the engine's question about constraints has, which expects a character. */
function readCatalogChars(adapter: Adapter): void {
  const pool = adapter.underlyingDriver();
  const queryRaw = adapter.queryRaw.bind(adapter);
  let characters: number[] = []; // of the last result: the engine asks one question at a time
  const query = pool.query.bind(pool) as (query: pg.QueryConfig) => Promise<pg.QueryResult>;
  const queryAndRelabel = async (text: pg.QueryConfig): Promise<pg.QueryResult> => {
    const result = await query(text);
    const fields = result.fields ?? []; // a script of several statements has a list of results, and nobody reads it
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
