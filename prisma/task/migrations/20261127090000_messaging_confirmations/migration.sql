-- The publisher's record of what each follower has. A follower is a durable consumer of the publisher's stream.

-- CreateTable
CREATE TABLE "outbox_followers" (
    "consumer" TEXT NOT NULL,
    "confirmed_sequence" BIGINT NOT NULL DEFAULT 0,
    "lacking" INTEGER NOT NULL DEFAULT 0,
    "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_followers_pkey" PRIMARY KEY ("consumer")
);

-- The places in the stream are no longer compared with the outbox. Relays of the previous release still write these
-- columns while a deployment runs, so the next release drops them.
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_published_check";

-- DropIndex
DROP INDEX "outbox_stream_created_stream_sequence_idx";
