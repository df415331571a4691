const lock = "hashtextextended('outbox relay', 0)";

/** Begins the transaction of a batch. Any number of replicas may have one. */
export const beginBatch = `BEGIN; SELECT pg_advisory_xact_lock_shared(${lock})`;

/**
 * Begins the transaction that compares stream and outbox, while no replica is between publishing and recording what the stream promised:
 * a promise that was made before the stream lost it and recorded afterwards would look as if it were kept.
 */
export const beginVerifying = `BEGIN; SELECT pg_advisory_xact_lock(${lock})`;
