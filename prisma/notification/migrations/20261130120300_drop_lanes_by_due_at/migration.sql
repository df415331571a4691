-- A claim moves the end of its time, by which these were ordered. Processes of the release before find what is due by other
-- indexes of what waits, and sort it.
DROP INDEX "notifications_urgent_due_at_idx";
DROP INDEX "notifications_normal_due_at_idx";
-- The earlier messages of an order are found among all of them, which are few.
DROP INDEX "notifications_queued_order_id_idx";
