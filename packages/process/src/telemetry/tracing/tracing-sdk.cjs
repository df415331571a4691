// @ts-check
// The only file that uses OpenTelemetry's SDK. It is a CommonJS module, because it is loaded as a file of its own, also in tests: a process
// that exports no traces never reads it. Its bundle stands beside those of the servers.
const { randomUUID } = require('node:crypto');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { ExportResultCode, W3CTraceContextPropagator } = require('@opentelemetry/core');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { defaultResource, resourceFromAttributes } = require('@opentelemetry/resources');
const {
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TracerProvider,
} = require('@opentelemetry/sdk-trace');

/** Spans that wait for the collector or are on their way to it. Further ones are dropped. About 4 MB. */
const maxPending = 4_096;

/** Milliseconds for one export, with its repetitions. */
const exportTimeoutMs = 10_000;

/** @type {import('./start-tracing.ts').OpenSdk} */
exports.openSdk = function openSdk({
  service,
  endpoint,
  headers,
  ratio,
  honoursRemoteParents,
  hasActiveContext,
  onExport,
}) {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers,
    timeoutMillis: exportTimeoutMs,
  });
  const processor = new BoundedProcessor(exporter, onExport);
  const root = chooseAtRandom(ratio);
  return {
    provider: new TracerProvider({
      resource: defaultResource().merge(
        resourceFromAttributes({
          'service.name': service,
          'service.namespace': 'federated-commerce',
          'service.instance.id': randomUUID(),
        }),
      ),
      sampler: new ParentBasedSampler({
        root,
        ...(honoursRemoteParents ? {} : { remoteParentSampled: root, remoteParentNotSampled: root }),
      }),
      spanLimits: { attributeCountLimit: 32, attributeValueLengthLimit: 256, linkCountLimit: 256 },
      spanProcessors: [processor],
    }),
    propagator: new W3CTraceContextPropagator(),
    contextManager: hasActiveContext ? new AsyncLocalStorageContextManager().enable() : undefined,
    counts: processor.counts,
  };
};

/**
 * The SDK's own sampler by ratio looks at the trace id, which a client chooses. A client could have all of its requests sampled.
 *
 * @param {number} ratio
 * @returns {import('@opentelemetry/sdk-trace').Sampler}
 */
function chooseAtRandom(ratio) {
  return {
    shouldSample: () => ({
      decision: Math.random() < ratio ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `Random{${ratio}}`,
  };
}

/**
 * The SDK's batches, with a bound that includes those on their way, and with exact counts of what became of each span.
 */
class BoundedProcessor {
  counts = { exported: 0, failed: 0, dropped: 0 };
  #pending = 0;
  #batches;

  /**
   * @param {OTLPTraceExporter} exporter
   * @param {(error: Error | undefined) => void} onExport
   */
  constructor(exporter, onExport) {
    this.#batches = new BatchSpanProcessor({
      exporter: {
        export: (spans, done) =>
          exporter.export(spans, (result) => {
            const isDone = result.code === ExportResultCode.SUCCESS;
            this.#pending -= spans.length;
            this.counts[isDone ? 'exported' : 'failed'] += spans.length;
            onExport(isDone ? undefined : (result.error ?? new Error('the export failed')));
            done(result);
          }),
        shutdown: () => exporter.shutdown(),
      },
      maxQueueSize: maxPending,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 1_000,
      exportTimeoutMillis: 2 * exportTimeoutMs,
    });
  }

  onStart() {}

  /** @param {import('@opentelemetry/sdk-trace').ReadableSpan} span */
  onEnd(span) {
    if (this.#pending >= maxPending) {
      this.counts.dropped += 1;
      return;
    }
    this.#pending += 1;
    this.#batches.onEnd(span);
  }

  forceFlush() {
    return this.#batches.forceFlush();
  }

  shutdown() {
    return this.#batches.shutdown();
  }
}
