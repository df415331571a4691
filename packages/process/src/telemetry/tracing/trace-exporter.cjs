// @ts-check
// A thread that sends spans to the collector. Node's HTTP client shares its code with the HTTP server of the process. In one thread, the
// compiler would make that code fit for both, and each request of the server would pay for it, whether it is recorded or not.
const { parentPort, workerData } = require('node:worker_threads');
const { ExportResultCode } = require('@opentelemetry/core');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { resourceFromAttributes } = require('@opentelemetry/resources');

/** @typedef {import('./tracing-sdk.cjs').SentSpan} SentSpan */

const exporter = new OTLPTraceExporter(workerData.exporter);
const resource = resourceFromAttributes(workerData.resource);

/** @param {SentSpan} span */
const revive = ({ context, ...span }) => ({ ...span, resource, spanContext: () => context });

parentPort?.on('message', (/** @type {{ id: number; spans: readonly SentSpan[] }} */ { id, spans }) => {
  exporter.export(spans.map(revive), ({ code, error }) => {
    const isDone = code === ExportResultCode.SUCCESS;
    parentPort?.postMessage({ id, ...(isDone ? {} : { reason: error?.message ?? 'the export failed' }) });
  });
});
