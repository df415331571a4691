import { appendAudit, issuesFrom, type InputIssue } from '@shop/subgraph';
import { z } from 'zod';
import { requeueFailed } from '../db/notifications.ts';
import type { Notification, Status } from '../domain/notification.ts';
import type { Dependencies } from './dependencies.ts';

const request = z.object({ id: z.uuid().toLowerCase() });

export type ResendOutcome =
  | { readonly kind: 'queued'; readonly notification: Notification }
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-failed'; readonly status: Status };

/** Queues a message again that failed for good, with an entry in the audit log. */
export async function resendNotification(
  { database, now }: Pick<Dependencies, 'database' | 'now'>,
  input: unknown,
  actorId: string,
): Promise<ResendOutcome> {
  const parsed = request.safeParse(input);
  if (!parsed.success) return { kind: 'invalid-input', issues: issuesFrom(parsed.error) };
  const { id } = parsed.data;
  return database.transact(async (tx): Promise<ResendOutcome> => {
    const found = await requeueFailed(tx, id);
    if (found === null) return { kind: 'not-found' };
    const { status, notification } = found;
    if (notification === null) return { kind: 'not-failed', status };
    const { template, channel } = notification;
    await appendAudit(
      tx,
      [{ actorId, action: 'NOTIFICATION_RESENT', subjectId: id, details: { template, channel } }],
      now(),
    );
    return { kind: 'queued', notification };
  });
}
