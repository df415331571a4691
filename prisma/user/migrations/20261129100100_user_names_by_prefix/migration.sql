-- A search by one or two letters finds the beginning of a name.
CREATE INDEX CONCURRENTLY "users_name_prefix_idx" ON "users"((lower("name")) text_pattern_ops);
