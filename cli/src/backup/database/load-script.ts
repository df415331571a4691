import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import type { ScriptPart } from '../script/script-scanner.ts';

/**
 * Sends a script to the server part by part, within the transaction of the connection.
 *
 * @returns a function that takes each part, and throws what the server refuses.
 */
export function createLoader(client: pg.Client): (part: ScriptPart) => Promise<void> {
  let copying: { readonly stream: CopyStreamQuery; readonly done: Promise<void> } | undefined;
  return async (part) => {
    switch (part.kind) {
      case 'sql':
        // pg_dump creates the schema that it was asked for; it exists, and keeps its rights.
        await client.query(part.text.replace(/^CREATE SCHEMA (?!IF NOT EXISTS)/m, 'CREATE SCHEMA IF NOT EXISTS '));
        return;
      case 'copy': {
        const stream = client.query(copyFrom(part.statement));
        copying = { stream, done: finished(stream) };
        copying.done.catch(() => {}); // the next part throws it
        return;
      }
      case 'data':
        if (copying?.stream.write(part.bytes) === false)
          await Promise.race([once(copying.stream, 'drain'), copying.done]);
        return;
      case 'end':
        copying?.stream.end();
        await copying?.done;
        copying = undefined;
        return;
    }
  };
}
