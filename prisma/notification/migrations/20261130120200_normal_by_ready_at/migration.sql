-- The lane of all other messages, in the order of the queue.
CREATE INDEX CONCURRENTLY "notifications_normal_ready_at_idx" ON "notifications"("ready_at") WHERE "status" = 'QUEUED' AND "topic" <> 'ACCOUNT';
