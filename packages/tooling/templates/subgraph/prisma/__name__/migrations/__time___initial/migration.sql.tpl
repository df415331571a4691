CREATE TABLE "__names__" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "author_id" UUID,
    "text" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "__names___pkey" PRIMARY KEY ("id"),
    CONSTRAINT "__names___text_check" CHECK ("text" <> '')
);

CREATE UNIQUE INDEX "__names___author_id_idempotency_key_key" ON "__names__"("author_id", "idempotency_key");
CREATE INDEX "__names___created_at_id_idx" ON "__names__"("created_at", "id");
CREATE INDEX "__names___product_id_created_at_id_idx" ON "__names__"("product_id", "created_at", "id");
