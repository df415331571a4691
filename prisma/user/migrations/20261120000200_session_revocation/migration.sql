-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "revoked_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "rotated_refresh_tokens" (
    "hash" BYTEA NOT NULL,
    "session_id" UUID NOT NULL,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rotated_refresh_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "rotated_refresh_tokens_session_id_idx" ON "rotated_refresh_tokens"("session_id");

-- CreateIndex
CREATE INDEX "rotated_refresh_tokens_rotated_at_idx" ON "rotated_refresh_tokens"("rotated_at");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- AddForeignKey
ALTER TABLE "rotated_refresh_tokens" ADD CONSTRAINT "rotated_refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What must never happen, whatever the code does: only hashes are stored.
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_refresh_token_hash_check" CHECK (octet_length("refresh_token_hash") = 32);
ALTER TABLE "rotated_refresh_tokens" ADD CONSTRAINT "rotated_refresh_tokens_hash_check" CHECK (octet_length("hash") = 32);
