-- The lane of messages about accounts, in the order of the queue.
CREATE INDEX CONCURRENTLY "notifications_urgent_ready_at_idx" ON "notifications"("ready_at") WHERE "status" = 'QUEUED' AND "topic" = 'ACCOUNT';
