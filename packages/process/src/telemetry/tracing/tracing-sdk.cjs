// @ts-check
// The only file that uses OpenTelemetry's exporter. It is a CommonJS module, because it is loaded as a file of its own, also in tests: a
// process that exports no traces never reads it. Its bundle stands beside those of the servers.
const { randomUUID } = require('node:crypto');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { ExportResultCode, W3CTraceContextPropagator } = require('@opentelemetry/core');
const {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} = require('@opentelemetry/otlp-exporter-base/node-http');
const { ProtobufTraceSerializer } = require('@opentelemetry/otlp-transformer');
const { defaultResource, resourceFromAttributes } = require('@opentelemetry/resources');
const { RecordingTracer } = require('./recording-tracer.cjs');

/** Spans that wait for the collector or are on their way to it. Further ones are dropped. About 1 MB. */
const maxPending = 4_096;

/** Milliseconds for one export, with its repetitions. */
const exportTimeoutMs = 10_000;

/** An export begins when so many spans wait. After one that took long, it has more. */
const exportSize = 512;

/** Milliseconds for which a span waits for others, at most. */
const exportDelayMs = 1_000;

/** Spans that are written as bytes together. Each group repeats what describes the process. */
const groupSize = 16;

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
  const exporter = createExporter(`${endpoint.replace(/\/+$/, '')}/v1/traces`, headers);
  const spans = new SpanExport(exporter, onExport);
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'federated-commerce',
      'service.instance.id': randomUUID(),
    }),
  );
  /** @type {Map<string, RecordingTracer>} */
  const tracers = new Map();
  return {
    provider: {
      getTracer(name) {
        let tracer = tracers.get(name);
        if (tracer === undefined) {
          tracer = new RecordingTracer({
            name,
            resource,
            ratio,
            honoursRemoteParents,
            onEnd: (span) => spans.add(span),
          });
          tracers.set(name, tracer);
        }
        return tracer;
      },
      shutdown: () => spans.stop(),
    },
    propagator: new W3CTraceContextPropagator(),
    contextManager: hasActiveContext ? new AsyncLocalStorageContextManager().enable() : undefined,
    counts: spans.counts,
  };
};

/**
 * An export: what a collector gets, and the number of spans in it.
 *
 * @typedef {{ readonly bytes: Uint8Array, readonly spans: number }} Export
 * @typedef {import('./recording-tracer.cjs').ReadableSpan} ReadableSpan
 */

/**
 * @param {string} url
 * @param {Readonly<Record<string, string>>} headers
 * @returns {import('@opentelemetry/otlp-exporter-base').IOtlpExportDelegate<Export>}
 */
function createExporter(url, headers) {
  const required = { 'Content-Type': 'application/x-protobuf' };
  const settings = { url, headers, timeoutMillis: exportTimeoutMs };
  return createOtlpHttpExportDelegate(
    convertLegacyHttpOptions(settings, 'TRACES', 'v1/traces', required),
    { serializeRequest: ({ bytes }) => bytes, deserializeResponse: ProtobufTraceSerializer.deserializeResponse },
    'otlp_http_span_exporter',
    { name: 'span', countItems: ({ spans }) => spans },
    undefined,
  );
}

/**
 * Writes spans as bytes soon after their ends, and exports them later. The SDK's own batches keep the spans themselves for as long as a
 * second, so that V8 takes them for lasting ones: its garbage collector copies them twice, and finds them only when it goes through all.
 * The bytes of several groups together are one request, since protobuf joins lists that are repeated.
 */
class SpanExport {
  counts = { exported: 0, failed: 0, dropped: 0 };
  #exporter;
  #onExport;
  /** @type {ReadableSpan[]} */
  #group = [];
  /** @type {Uint8Array[]} */
  #written = [];
  /** Spans in the group and in what is written. */
  #waiting = 0;
  /** The spans that wait, and those on their way. */
  #pending = 0;
  /** @type {Promise<void> | undefined} */
  #exporting;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {ReturnType<typeof createExporter>} exporter
   * @param {(error: Error | undefined) => void} onExport
   */
  constructor(exporter, onExport) {
    this.#exporter = exporter;
    this.#onExport = onExport;
  }

  /** @param {ReadableSpan} span that has ended */
  add(span) {
    if (this.#pending >= maxPending) {
      this.counts.dropped += 1;
      return;
    }
    this.#pending += 1;
    this.#waiting += 1;
    this.#group.push(span);
    if (this.#group.length >= groupSize) this.#write();
    this.#exportWhenDue();
  }

  /** Exports all that waits, also what ends meanwhile. */
  async #flush() {
    while (this.#waiting > 0 || this.#exporting !== undefined) {
      this.#export();
      await this.#exporting;
    }
  }

  async stop() {
    await this.#flush();
    await this.#exporter.shutdown();
  }

  /** Never throws: it runs at the end of a span, within the request. */
  #write() {
    const group = this.#group;
    this.#group = [];
    try {
      const bytes = ProtobufTraceSerializer.serializeRequest(group);
      if (bytes !== undefined) this.#written.push(bytes);
    } catch (error) {
      this.#waiting -= group.length;
      this.#pending -= group.length;
      this.counts.failed += group.length;
      this.#onExport(/** @type {Error} */ (error));
    }
  }

  #exportWhenDue() {
    if (this.#waiting >= exportSize) this.#export();
    else if (this.#waiting > 0) this.#timer ??= setTimeout(() => this.#export(), exportDelayMs).unref();
  }

  /** One export at a time: a collector that is slow gets larger ones, and not more of them. */
  #export() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#exporting !== undefined || this.#waiting === 0) return;
    if (this.#group.length > 0) this.#write();
    if (this.#waiting === 0) return;
    const spans = this.#waiting;
    const bytes = Buffer.concat(this.#written);
    this.#written = [];
    this.#waiting = 0;
    this.#exporting = new Promise((resolve) => {
      this.#exporter.export({ bytes, spans }, (result) => {
        const isDone = result.code === ExportResultCode.SUCCESS;
        this.#pending -= spans;
        this.counts[isDone ? 'exported' : 'failed'] += spans;
        this.#onExport(isDone ? undefined : (result.error ?? new Error('the export failed')));
        this.#exporting = undefined;
        this.#exportWhenDue();
        resolve();
      });
    });
  }
}
