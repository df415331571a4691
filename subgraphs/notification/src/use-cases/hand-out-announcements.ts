import { completeAnnouncements, lockDueAnnouncements } from '../db/announcements.ts';
import type { Dependencies } from './dependencies.ts';
import { queuePlanned } from './queue-messages.ts';

const BATCH = 50;

/**
 * Turns messages to the staff into one message for each member of the staff. Returns whether there may be more.
 *
 * @throws RequestFailed when the user service does not answer; the messages wait
 */
export async function handOutAnnouncements({
  database,
  questions,
  now,
}: Pick<Dependencies, 'database' | 'questions' | 'now'>): Promise<boolean> {
  if (!(await hasDueAnnouncements(database))) return false;
  // Asked before the transaction, which must not wait for another service.
  const staff = await questions.findStaff();
  return database.transact(async (tx) => {
    const due = await lockDueAnnouncements(tx, BATCH);
    await queuePlanned(
      tx,
      due.flatMap(({ template, about, content }) =>
        staff.map((recipientId) => ({ template, recipientId, about, content })),
      ),
      { now },
    );
    await completeAnnouncements(
      tx,
      due.map(({ id }) => id),
      now(),
    );
    return due.length === BATCH;
  });
}

async function hasDueAnnouncements({ client }: Dependencies['database']): Promise<boolean> {
  return (await client.announcement.findFirst({ where: { doneAt: null }, select: { id: true } })) !== null;
}
