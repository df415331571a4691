-- Events that a follower cannot handle for a long time no longer hold up the confirmation of those behind them.

-- AlterTable
ALTER TABLE "outbox_followers" ADD COLUMN "open_sequences" BIGINT[] NOT NULL DEFAULT ARRAY[]::BIGINT[];
