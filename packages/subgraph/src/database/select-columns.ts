/**
 * Lists the columns of a table for a `SELECT` in raw SQL, each under the name of its field in Prisma's model.
 *
 * A column is the field's name in snake_case, as in all our schemas. A field with another `@map` fails at the first statement.
 *
 * @param table the table's alias in the statement
 * @param fields the enum `<Model>ScalarFieldEnum` of the generated client
 */
export function selectColumns(table: string, fields: Readonly<Record<string, string>>): string {
  return Object.values(fields)
    .map((field) => `${table}.${toSnakeCase(field)} AS "${field}"`)
    .join(', ');
}

export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
