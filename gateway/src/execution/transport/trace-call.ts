import { SpanKind, type Attributes, type Context, type Span } from '@opentelemetry/api';
import { runInSpan } from '@shop/process';
import type { SubgraphClient } from './subgraph-client.ts';

/** Runs a call to a subgraph in a span, where its trace is recorded. */
export function traceCall<Result>(
  { name, path }: Pick<SubgraphClient, 'name' | 'path'>,
  { trace, attributes = {} }: { trace: Context; attributes?: Attributes },
  call: (span: Span | undefined, below: Context) => Promise<Result>,
): Promise<Result> {
  const all = { 'http.request.method': 'POST', 'url.path': path, 'shop.subgraph.name': name, ...attributes };
  return runInSpan(`fetch ${name}`, { parent: trace, kind: SpanKind.CLIENT, attributes: all }, call);
}
