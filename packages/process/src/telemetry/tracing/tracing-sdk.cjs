// @ts-check
// Makes and collects spans with OpenTelemetry's SDK; its thread trace-exporter.cjs sends them. Both are CommonJS modules, because they are
// loaded as files of their own, also in tests: a process that exports no traces never reads them. Their bundles stand beside those of the
// servers.
const { randomUUID } = require('node:crypto');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { ExportResultCode, W3CTraceContextPropagator } = require('@opentelemetry/core');
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
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'federated-commerce',
      'service.instance.id': randomUUID(),
    }),
  );
  const exporter = new ExporterThread({
    exporter: { url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers, timeoutMillis: exportTimeoutMs },
    resource: resource.attributes,
  });
  const processor = new BoundedProcessor(exporter, onExport);
  const root = chooseAtRandom(ratio);
  return {
    provider: new TracerProvider({
      resource,
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
    end: () => exporter.shutdown(),
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
   * @param {ExporterThread} exporter
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

/**
 * A span as plain data, which can be sent to a thread.
 *
 * @typedef {Omit<import('@opentelemetry/sdk-trace').ReadableSpan, 'spanContext' | 'resource'> & {
 *   context: import('@opentelemetry/api').SpanContext;
 * }} SentSpan
 */

/**
 * @param {import('@opentelemetry/api').SpanContext} context
 * @returns {import('@opentelemetry/api').SpanContext} without its `traceState`, which nobody sets
 */
const toPlainContext = ({ traceId, spanId, traceFlags, isRemote = false }) => ({
  traceId,
  spanId,
  traceFlags,
  isRemote,
});

/**
 * @param {import('@opentelemetry/sdk-trace').ReadableSpan} span
 * @returns {SentSpan}
 */
function toPlainSpan(span) {
  const { name, kind, startTime, endTime, status, attributes, events, duration, ended, instrumentationScope } = span;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount, parentSpanContext } = span;
  return {
    name,
    kind,
    context: toPlainContext(span.spanContext()),
    ...(parentSpanContext === undefined ? {} : { parentSpanContext: toPlainContext(parentSpanContext) }),
    startTime,
    endTime,
    status,
    attributes,
    links: span.links.map((link) => ({ ...link, context: toPlainContext(link.context) })),
    events,
    duration,
    ended,
    instrumentationScope,
    droppedAttributesCount,
    droppedEventsCount,
    droppedLinksCount,
  };
}

/** Sends spans to the collector by the thread trace-exporter.cjs. A thread that ends is replaced with the next export. */
class ExporterThread {
  #data;
  /** @type {Worker | undefined} */
  #worker;
  #lastId = 0;
  /** @type {Map<number, (result: import('@opentelemetry/core').ExportResult) => void>} */
  #exports = new Map();

  /** @param {{ exporter: { url: string; headers: Record<string, string>; timeoutMillis: number }; resource: object }} data */
  constructor(data) {
    this.#data = data;
  }

  /**
   * @param {readonly import('@opentelemetry/sdk-trace').ReadableSpan[]} spans
   * @param {(result: import('@opentelemetry/core').ExportResult) => void} done
   */
  export(spans, done) {
    this.#worker ??= this.#start();
    this.#lastId += 1;
    this.#exports.set(this.#lastId, done);
    this.#worker.postMessage({ id: this.#lastId, spans: spans.map(toPlainSpan) });
  }

  async shutdown() {
    await this.#worker?.terminate();
  }

  #start() {
    const worker = new Worker(path.join(__dirname, 'trace-exporter.cjs'), {
      workerData: this.#data,
      // A thread takes over the arguments of Node, which may be those of another kind of program.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    // It does not keep the process alive.
    worker.unref();
    worker.on('message', (/** @type {{ id: number; reason?: string }} */ { id, reason }) => this.#finish(id, reason));
    worker.on('error', (error) => this.#end(worker, error.message));
    worker.on('exit', () => this.#end(worker, 'the thread of the exporter has ended'));
    return worker;
  }

  /**
   * @param {Worker} worker
   * @param {string} reason
   */
  #end(worker, reason) {
    if (this.#worker === worker) this.#worker = undefined;
    for (const id of [...this.#exports.keys()]) this.#finish(id, reason);
  }

  /**
   * @param {number} id
   * @param {string | undefined} reason why the spans were not taken
   */
  #finish(id, reason) {
    const done = this.#exports.get(id);
    this.#exports.delete(id);
    done?.(
      reason === undefined
        ? { code: ExportResultCode.SUCCESS }
        : { code: ExportResultCode.FAILED, error: new Error(reason) },
    );
  }
}
