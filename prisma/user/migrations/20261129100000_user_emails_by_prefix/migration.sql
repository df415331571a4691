-- A search by one or two letters finds the beginning of an e-mail. The operator class serves LIKE under every collation.
CREATE INDEX CONCURRENTLY "users_email_key_prefix_idx" ON "users"("email_key" text_pattern_ops);
