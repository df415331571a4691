-- CreateEnum
CREATE TYPE "RequestPurpose" AS ENUM ('RESET_PASSWORD', 'INVITATION', 'VERIFY_EMAIL', 'CHANGE_EMAIL');

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "email_verified" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "account_requests" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" "RequestPurpose" NOT NULL,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_tokens" (
    "hash" BYTEA NOT NULL,
    "request_id" UUID NOT NULL,

    CONSTRAINT "link_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "asked_resets" (
    "id" UUID NOT NULL,
    "email_key" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "asked_resets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "former_addresses" (
    "change_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "former_addresses_pkey" PRIMARY KEY ("change_id")
);

-- CreateIndex
CREATE INDEX "account_requests_user_id_idx" ON "account_requests"("user_id");

-- CreateIndex
CREATE INDEX "account_requests_expires_at_idx" ON "account_requests"("expires_at");

-- CreateIndex
CREATE INDEX "link_tokens_request_id_idx" ON "link_tokens"("request_id");

-- CreateIndex
CREATE INDEX "former_addresses_created_at_idx" ON "former_addresses"("created_at");

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_tokens" ADD CONSTRAINT "link_tokens_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "account_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What must never happen, whatever the code does.
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_email_check"
    CHECK (("purpose" = 'CHANGE_EMAIL') = ("email" IS NOT NULL));
