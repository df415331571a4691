import { errorCodes, getTraceId, onStream, type Logger } from '@shop/process';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { OperationNames } from './operation-names.ts';
import { findRecord, type OperationOutcome, type RequestRecord } from './request-record.ts';

export interface RequestLogOptions {
  /** The share of the requests that were answered well and quickly whose line is written: 0 to 1. */
  readonly share: number;
  /** A request that took longer is slow, in milliseconds. Its line is always written. */
  readonly slowMs: number;
}

/** The id of the trace in a header `traceparent` (W3C). */
const traceId = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** Clients choose names. */
const maxNameLength = 100;

/** Measures an operation that has ended, and writes its line. A record is reported once. */
export type ReportOperation = (
  record: RequestRecord,
  answer: {
    readonly requestId: string;
    /** Undefined when the client left before. */
    readonly status: number | undefined;
    readonly traceId?: string | undefined;
  },
) => void;

/**
 * Measures each request to `/graphql` when it has been answered, when its stream begins, or when the client has left, and writes one line
 * about it. Lines of failures and of slow requests are always written, those of the others by chance.
 *
 * A line has neither the text of the operation nor variables.
 *
 * @returns the same for an operation that is no request
 */
export function reportRequests(
  app: FastifyInstance,
  options: {
    metrics: GatewayMetrics;
    names: OperationNames;
    log: RequestLogOptions;
    logger: Logger;
    /** By chance, from 0 up to 1; for tests. */
    random?: () => number;
  },
): ReportOperation {
  const { metrics, names, log, logger, random = Math.random } = options;

  function measure(record: RequestRecord, outcome: OperationOutcome, ms: number): void {
    const operation = names.bound(record.operation, outcome === 'ok');
    metrics.operations.inc({ operation, type: record.type ?? 'none', outcome });
    metrics.operationDurations.observe({ operation }, ms / 1_000);
    const codes = record.codes.map((code) => (code in errorCodes ? code : 'other'));
    for (const code of codes) metrics.errors.inc({ code });
    const reason = record.rejection ?? (outcome === 'refused' ? (codes[0] ?? 'BAD_REQUEST').toLowerCase() : undefined);
    if (reason !== undefined) metrics.rejections.inc({ reason });
  }

  function report(request: FastifyRequest, status: number | undefined): void {
    if (request.routeOptions.url !== '/graphql' || request.method === 'OPTIONS') return;
    const record = findRecord(request);
    if (record.isReported) return;
    // Without exported traces, the caller's own trace.
    const trace = getTraceId(request) ?? traceId.exec(String(request.headers['traceparent'] ?? ''))?.[1];
    reportOperation(record, { requestId: request.id, status, traceId: trace });
  }

  const reportOperation: ReportOperation = (record, { requestId, status, traceId: trace }) => {
    if (record.isReported) return;
    record.isReported = true;
    const ms = performance.now() - record.startedAt;
    const outcome =
      status === undefined
        ? 'aborted'
        : (record.outcome ?? (status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'ok'));
    measure(record, outcome, ms);
    const isNotable = (outcome !== 'ok' && outcome !== 'refused') || ms >= log.slowMs;
    if (!isNotable && random() >= log.share) return;
    logger.info(
      {
        operation: record.operation?.slice(0, maxNameLength),
        type: record.type,
        ...(status === undefined ? {} : { status }),
        outcome,
        durationMs: Math.round(ms * 10) / 10,
        calls: record.calls,
        ...(record.codes.length === 0 ? {} : { codes: record.codes.slice(0, 5) }),
        ...(record.rejection === undefined ? {} : { reason: record.rejection }),
        requestId,
        ...(trace === undefined ? {} : { traceId: trace }),
      },
      'request',
    );
  };

  app.addHook('onRequest', (request, _reply, done) => {
    findRecord(request);
    done();
  });
  onStream(app, (request, reply) => report(request, reply.statusCode));
  app.addHook('onResponse', (request, reply, done) => {
    report(request, reply.statusCode);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    report(request, undefined);
    done();
  });
  return reportOperation;
}
