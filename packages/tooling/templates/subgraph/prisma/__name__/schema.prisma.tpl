generator client {
  provider            = "prisma-client"
  output              = "../../subgraphs/__name__/src/db/generated"
  runtime             = "nodejs"
  moduleFormat        = "esm"
  importFileExtension = "ts"
}

datasource db {
  provider = "postgresql"
}

model __Name__ {
  id             String   @id @db.Uuid
  productId      String   @map("product_id") @db.Uuid
  /// Null after the account was deleted.
  authorId       String?  @map("author_id") @db.Uuid
  text           String
  idempotencyKey String   @map("idempotency_key")
  /// Fingerprint of the input that came with the idempotency key.
  fingerprint    String
  createdAt      DateTime @map("created_at") @db.Timestamptz(3)

  @@unique([authorId, idempotencyKey])
  @@index([createdAt, id])
  @@index([productId, createdAt, id])
  @@map("__names__")
}
