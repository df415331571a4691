// Topology: streams, consumers, requests and the permissions that follow from them.
export type { ConsumerDefinition, RequestDefinition, StreamDefinition, Topology, WatchDefinition } from './topology.ts';
export { brokerStorageBytes, durableName } from './topology.ts';
export { permissionsFor } from './permissions.ts';
export type { Permissions } from './permissions.ts';

// Connection to the broker, and requests between services.
export { connectBroker } from './broker/broker.ts';
export type { Broker, BrokerOptions, BrokerStatus } from './broker/broker.ts';
export { findServerRisk } from './broker/server-risk.ts';
export { RequestFailed } from './broker/request.ts';
export type { RequestFailure } from './broker/request.ts';
export type { RequestHandler } from './broker/responder.ts';

// Publishing: events, the outbox and its relay.
export { newEvent } from './event.ts';
export type { EventDefinition, EventHeaders, NewEvent, OutboxEvent, ReceivedEvent } from './event.ts';
export { appendToOutbox, countPendingEvents, insertIntoOutbox, outboxRows } from './outbox/append.ts';
export { countPublishedSince, republishSince } from './outbox/republish.ts';
export type { PublishedFilter } from './outbox/republish.ts';
export { readBacklog } from './outbox/backlog.ts';
export type { Backlog, Waiting } from './outbox/backlog.ts';
export { findUnconfirmed, findUnpublished } from './outbox/waiting.ts';
export type { UnconfirmedEvents, WaitingEvents } from './outbox/waiting.ts';
export { countRelayConnections, startRelay } from './relay/relay.ts';
export type { Relay, RelayOptions } from './relay/relay.ts';

// Consuming: handlers and dead letters.
export { on, onBatch } from './consumer/handlers.ts';
export type { EventHandler, HandlerOptions } from './consumer/handlers.ts';
export { startConsumer } from './consumer/consumer.ts';
export type { ConsumerLag, RunningConsumer } from './consumer/consumer.ts';
export type { ConsumerOptions, DeadLetterNotice } from './consumer/options.ts';
export { watchEvents } from './watch/watch-events.ts';
export type { WatchOptions } from './watch/watch-events.ts';
export { watchStream } from './watch/watch-stream.ts';
export type { Watch, WatchedMessage, WatchStreamOptions } from './watch/watch-stream.ts';
export { MalformedMessage, parseEnvelope } from './envelope.ts';
export { delayAfter } from './async/wait.ts';
export type { Backoff } from './async/wait.ts';
export { countDeadLetters, listDeadLetters } from './dead-letters/list.ts';
export type { DeadLetter, DeadLetterFilter } from './dead-letters/list.ts';
export { requestResend } from './dead-letters/requests.ts';

// Traces: of work that goes on elsewhere, that several traces share, or that nobody asked for.
export { captureTrace, getCurrentTrace, readTrace, runUntraced, traceTask } from './tracing/current-trace.ts';
export { startSharedWork } from './tracing/shared-work.ts';
export type { SharedPart, SharedWork } from './tracing/shared-work.ts';

// Database and logging.
export { fromPg, isPooled, pgTransact } from './sql.ts';
export type { SqlExecutor, Transact } from './sql.ts';
export { isOutdatedStatement, plannedEachTime, StatementNames } from './postgres/statement-names.ts';
export { isTransientDatabaseError } from './postgres/transient.ts';
export { startHousekeeping } from './housekeeping.ts';
export type { Housekeeping, HousekeepingOptions } from './housekeeping.ts';
export type { Logger, LogMethod } from './logger.ts';
export type { MessageOutcome, MessagingObserver } from './observer.ts';
