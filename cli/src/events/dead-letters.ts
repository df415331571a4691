import type { ServiceName } from '@shop/contracts';
import { type DeadLetter, listDeadLetters, requestResend, type SqlExecutor } from '@shop/messaging';
import { ExpectedError } from '@shop/process';
import { formatTable } from '../command-line/table.ts';
import { runOnDatabase, type Target } from '../databases/targets.ts';

/** A dead letter and the subgraph whose consumer gave it up. */
export interface OpenLetter {
  readonly service: ServiceName;
  readonly letter: DeadLetter;
}

/** Lists the open dead letters of all targets. */
export async function findDeadLetters(targets: readonly Target[]): Promise<OpenLetter[]> {
  const lists = await Promise.all(
    targets.map((target) =>
      runOnDatabase(target, async (sql) =>
        (await listAll(sql)).map((letter) => ({ service: target.name, letter }) satisfies OpenLetter),
      ),
    ),
  );
  return lists.flat();
}

/** The dead letters as a table, or a sentence when there are none. */
export function formatDeadLetters(letters: readonly OpenLetter[]): string {
  if (letters.length === 0) return 'There are no dead letters.';
  return formatTable(['ID', 'SERVICE', 'TYPE', 'CONSUMER', 'TRIES', 'FAILED AT', 'STATE', 'ERROR'], letters.map(toRow));
}

/** The dead letters for a program, without their payloads, which may hold personal data. */
export function summarizeDeadLetters(letters: readonly OpenLetter[]): object[] {
  return letters.map(({ service, letter }) => ({
    id: letter.id,
    service,
    type: letter.type,
    consumer: letter.consumer,
    deliveries: letter.deliveries,
    failedAt: letter.failedAt.toISOString(),
    resendRequestedAt: letter.resendRequestedAt?.toISOString() ?? null,
    error: firstLine(letter.error),
  }));
}

/**
 * Asks the running services to handle dead letters again.
 *
 * @returns how many.
 * @throws ExpectedError when an id is malformed, or when one of the ids is not an open dead letter.
 */
export async function resend(targets: readonly Target[], ids: readonly string[] | 'all'): Promise<number> {
  const requested = await Promise.all(
    targets.map((target) =>
      runOnDatabase(target, (sql) =>
        requestResend(sql, ids).catch((error: unknown) => {
          throw error instanceof TypeError
            ? new ExpectedError(`${error.message} Run "npm run events -- dead-letters".`)
            : error;
        }),
      ),
    ),
  );
  const found = new Set(requested.flat());
  const unknown = ids === 'all' ? [] : ids.filter((id) => !found.has(id.toLowerCase()));
  if (unknown.length > 0)
    throw new ExpectedError(
      `${found.size} will be handled again; no open dead letter has the id ${unknown.join(', ')}.`,
    );
  return found.size;
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

function toRow({ service, letter }: OpenLetter): string[] {
  return [
    letter.id,
    service,
    letter.type,
    letter.consumer,
    String(letter.deliveries),
    letter.failedAt.toISOString(),
    letter.resendRequestedAt === null ? 'waiting' : 'resend requested',
    firstLine(letter.error),
  ];
}

const firstLine = (error: string): string => (error.split('\n')[0] ?? '').slice(0, 100);
