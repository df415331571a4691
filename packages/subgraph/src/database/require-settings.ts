import { isPooled, type SqlExecutor } from '@shop/messaging';
import { commonSettings, type SessionSettings } from './pool-options.ts';

/**
 * Checks that the sessions behind a pooler have the settings that a process sets by itself without one.
 *
 * @throws Error with the line for the pooler's configuration
 */
export async function requireSettings(
  sql: SqlExecutor,
  databaseUrl: string,
  settings: SessionSettings = {},
): Promise<void> {
  if (!isPooled(databaseUrl)) return;
  const wanted = Object.entries({ ...commonSettings, ...settings });
  const names = wanted.map(([name]) => name);
  const rows = await sql.query<{ name: string; value: string | null }>(
    'SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS wanted (name)',
    [names],
  );
  const actual = new Map(rows.map(({ name, value }) => [name, value]));
  const wrong = wanted.filter(([name, value]) => actual.get(name) !== value);
  if (wrong.length === 0) return;
  const query = wanted.map(([name, value]) => `SET ${name} = ''${value}''`).join('; ');
  throw new Error(
    `The sessions of the pooler lack ${wrong.map(([name, value]) => `${name} = ${value}`).join(', ')}. ` +
      `Add to the database in its configuration: connect_query='${query}'`,
  );
}
