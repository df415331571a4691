/** The tables and columns that a version of the project reads and writes, by its Prisma schema. */
export interface FormerSchema {
  /** True when its Prisma client uses the table. */
  usesTable(table: string): boolean;
  /** True when its Prisma client uses the column. */
  usesColumn(table: string, column: string): boolean;
  /** True when it has the enum. */
  usesType(name: string): boolean;
}

/** A version of which nothing is known: it may use everything. */
export const usesEverything: FormerSchema = { usesTable: () => true, usesColumn: () => true, usesType: () => true };

/** Reads Prisma schemas. Models and fields with `@ignore` are not part of the client, so the version does not use them. */
export function readFormerSchema(texts: readonly string[]): FormerSchema {
  const tables = new Map<string, Set<string>>();
  const types = new Set<string>();
  for (const [, kind, name = '', body = ''] of texts.join('\n').matchAll(/^(model|enum) (\w+) \{\n([^}]*)^\}/gm)) {
    const lines = body.split('\n').map((line) => line.replace(/\/\/.*/, '').trim());
    const databaseName = findName(lines.find((line) => line.startsWith('@@map'))) ?? name;
    if (kind === 'enum') types.add(databaseName);
    else if (!lines.includes('@@ignore')) tables.set(databaseName, new Set(lines.flatMap(readColumn)));
  }
  return {
    usesTable: (table) => tables.has(table),
    usesColumn: (table, column) => tables.get(table)?.has(column) ?? false,
    usesType: (name) => types.has(name),
  };
}

/** The column of a field's line; none for other lines and for ignored fields. A relation has no column, and harms nothing here. */
function readColumn(line: string): string[] {
  const [, field] = /^(\w+)\s+\S/.exec(line) ?? [];
  if (field === undefined || / @ignore\b/.test(line)) return [];
  return [findName(/ (@map\(.*?\))/.exec(line)?.[1]) ?? field];
}

const findName = (attribute: string | undefined) => /\("([^"]+)"\)/.exec(attribute ?? '')?.[1];
