-- The trace of a message goes on when it is sent. Processes of the release before leave the column empty.

-- AlterTable
ALTER TABLE "notifications" ADD COLUMN "traceparent" TEXT;
