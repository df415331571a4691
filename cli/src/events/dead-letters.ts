import { type DeadLetter, listDeadLetters, requestResend, type SqlExecutor } from '@shop/messaging';
import { formatTable } from '../databases/table.ts';
import { type Target, withDatabase } from '../databases/target.ts';
import type { SubgraphName } from '@shop/stack';
import { ExpectedError } from '@shop/process';

/** All open dead letters as a table, or a sentence when there are none. */
export async function describeDeadLetters(targets: readonly Target[]): Promise<string> {
  const lists = await Promise.all(
    targets.map(({ name, databaseUrl }) =>
      withDatabase(databaseUrl, async (sql) => (await listAll(sql)).map((letter) => toRow(name, letter))),
    ),
  );
  const rows = lists.flat();
  if (rows.length === 0) return 'There are no dead letters.';
  return formatTable(['ID', 'SERVICE', 'TYPE', 'CONSUMER', 'TRIES', 'FAILED AT', 'STATE', 'ERROR'], rows);
}

/**
 * Asks the running services to handle dead letters again.
 *
 * @returns a sentence that says how many.
 * @throws ExpectedError when an id is malformed, or when none of the ids is an open dead letter.
 */
export async function resend(targets: readonly Target[], ids: readonly string[] | 'all'): Promise<string> {
  const requested = await Promise.all(
    targets.map(({ databaseUrl }) =>
      withDatabase(databaseUrl, (sql) =>
        requestResend(sql, ids).catch((error: unknown) => {
          throw error instanceof TypeError
            ? new ExpectedError(`${error.message}: take ids from "npm run events -- dead-letters".`)
            : error;
        }),
      ),
    ),
  );
  const found = new Set(requested.flat());
  if (ids === 'all')
    return found.size === 0 ? 'There are no dead letters.' : `${found.size} dead letters will be handled again.`;
  const unknown = ids.filter((id) => !found.has(id.toLowerCase()));
  if (unknown.length > 0)
    throw new ExpectedError(
      `${found.size} will be handled again; no open dead letter has the id ${unknown.join(', ')}.`,
    );
  return `${found.size} ${found.size === 1 ? 'dead letter' : 'dead letters'} will be handled again.`;
}

async function listAll(sql: SqlExecutor): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (;;) {
    const after = letters.at(-1)?.id;
    const page = await listDeadLetters(sql, after === undefined ? {} : { after });
    if (page.length === 0) return letters;
    letters.push(...page);
  }
}

function toRow(service: SubgraphName, letter: DeadLetter): string[] {
  const [firstLine = ''] = letter.error.split('\n');
  const state = letter.resendRequestedAt === null ? 'waiting' : 'resend requested';
  return [
    letter.id,
    service,
    letter.type,
    letter.consumer,
    String(letter.deliveries),
    letter.failedAt.toISOString(),
    state,
    firstLine.slice(0, 100),
  ];
}
