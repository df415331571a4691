-- A claim, its renewals and the hand-over of a message change only columns without an index, so that they write none
-- (heap-only updates). These need room in the same page.

-- AlterTable. Processes of the release before leave both columns to their defaults, and read neither.
ALTER TABLE "notifications" ADD COLUMN "ready_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ADD COLUMN "unsubscribe_secret_hash" TEXT;
ALTER TABLE "notifications" SET (fillfactor = 70);
