import type { Column } from './read-tables.ts';

const NUMBER = /^(smallint|integer|bigint|numeric|real|double precision)/;

/**
 * Writes a valid value for a column as an SQL expression. Texts, uuids and bytes are unique.
 *
 * @throws Error for a type that it does not know
 */
export function defaultExpression({ name, type, firstLabel }: Column): string {
  if (firstLabel !== null) return `'${firstLabel}'::${type}`;
  if (type === 'uuid') return 'gen_random_uuid()';
  // A code of fixed length is a currency, a country or a language. A test that compares the code must set it.
  if (/^character\(\d+\)$/.test(type)) return `left('USD', ${/\d+/.exec(type)?.[0]})`;
  if (type === 'text' || type.startsWith('character varying'))
    return `'${name.replaceAll('_', '-')}-' || gen_random_uuid()`;
  if (NUMBER.test(type)) return '1';
  if (type === 'boolean') return 'false';
  if (type === 'date' || type.startsWith('timestamp')) return 'now()';
  if (type === 'json' || type === 'jsonb') return `'{}'::${type}`;
  if (type === 'bytea') return 'uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())';
  if (type.endsWith('[]')) return `'{}'::${type}`;
  throw new Error(`The column ${name} has the type ${type}. Give it a value, or teach default-expression.ts the type.`);
}
