import { createRequire } from 'node:module';
import {
  context,
  propagation,
  ProxyTracerProvider,
  trace,
  type ContextManager,
  type TextMapPropagator,
  type TracerProvider,
} from '@opentelemetry/api';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../log/create-logger.ts';
import type { TracingConfig } from './config.ts';

/** Spans since the start: those that the collector has, those that it did not take, and those for which there was no room. */
export interface SpanCounts {
  readonly exported: number;
  readonly failed: number;
  readonly dropped: number;
}

/** The traces of a process. */
export interface Tracing {
  readonly isOn: boolean;
  readonly counts: SpanCounts;
  /** Exports what is left, for two seconds at most. Never rejects. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  /** The process's name in the traces. */
  readonly service: string;
  /** Undefined when no traces are exported. */
  readonly config: TracingConfig | undefined;
  /** False at the public edge: there, a caller continues its trace, and does not decide that it is recorded. */
  readonly honoursRemoteParents: boolean;
  /** True when code below finds the current span by itself. It costs time at each promise, so the gateway passes spans on instead. */
  readonly hasActiveContext: boolean;
  readonly logger: Logger;
}

/** The function that the bundle of the SDK exports. */
export type OpenSdk = (
  options: TracingConfig &
    Omit<TracingOptions, 'config' | 'logger'> & { readonly onExport: (error: Error | undefined) => void },
) => {
  readonly provider: TracerProvider & { shutdown(): Promise<void> };
  readonly propagator: TextMapPropagator;
  readonly contextManager: ContextManager | undefined;
  readonly counts: SpanCounts;
};

/** Only our own code makes spans: those of libraries would have names, attributes and parents that nobody chose. */
const tracerPrefix = '@shop/';

const flushMs = 2_000;

const off: Tracing = { isOn: false, counts: { exported: 0, failed: 0, dropped: 0 }, stop: async () => {} };

/**
 * Starts to export traces, if that is configured. A collector that is slow or away slows nothing down: spans wait in a bounded queue, and
 * are dropped and counted when it is full.
 */
export async function startTracing({ config, logger, ...options }: TracingOptions): Promise<Tracing> {
  if (config === undefined) return off;
  // A file of its own, beside this bundle: without a collector, no process reads it.
  const { openSdk } = createRequire(import.meta.url)('./tracing-sdk.cjs') as { openSdk: OpenSdk };
  const { provider, propagator, contextManager, counts } = openSdk({
    ...config,
    ...options,
    onExport: createExportLog(config, logger),
  });
  const silent = new ProxyTracerProvider().getTracer('silent');
  trace.setGlobalTracerProvider({
    getTracer: (name, ...rest) => (name.startsWith(tracerPrefix) ? provider.getTracer(name, ...rest) : silent),
  });
  propagation.setGlobalPropagator(propagator);
  if (contextManager !== undefined) context.setGlobalContextManager(contextManager);
  logger.info({ endpoint: config.endpoint, ratio: config.ratio }, 'traces are exported');
  return {
    isOn: true,
    counts,
    async stop() {
      const timer = new AbortController();
      const flushed = provider.shutdown().catch(() => {});
      await Promise.race([flushed, pause(flushMs, undefined, { signal: timer.signal }).catch(() => {})]);
      timer.abort();
      trace.disable();
      propagation.disable();
      context.disable();
    },
  };
}

/** Logs once that the collector takes no spans, and once that it takes them again. */
function createExportLog({ endpoint }: TracingConfig, logger: Logger): (error: Error | undefined) => void {
  let isFailing = false;
  return (error) => {
    if (error !== undefined && !isFailing)
      logger.warn({ endpoint, reason: error.message }, 'traces cannot be exported, and are lost; requests go on');
    if (error === undefined && isFailing) logger.info({ endpoint }, 'traces are exported again');
    isFailing = error !== undefined;
  };
}
