-- Outbox and inbox stay small because new rows take the place of deleted ones. Vacuum has to free that place first. By
-- default it comes when a fifth of a table is dead: of the inbox, which holds two weeks, that is three days' rows.
ALTER TABLE "inbox" SET (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);
