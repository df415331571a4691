import { SpanKind, trace } from '@opentelemetry/api';
import { getCurrentTrace } from '@shop/messaging';
import { isSampled, markFailed } from '@shop/process';
import { summariseStatement } from './summarise-statement.ts';

/**
 * Runs a statement in a span of its own, in recorded traces: its operation and table, and neither its text nor its values. The time
 * includes that for which it waits for a connection.
 */
export function inStatementSpan<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
  const parent = getCurrentTrace();
  return isSampled(parent) ? recordStatement(parent, text, work) : work();
}

async function recordStatement<Result>(
  parent: ReturnType<typeof getCurrentTrace>,
  text: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { operation, table } = summariseStatement(text);
  const summary = table === undefined ? operation : `${operation} ${table}`;
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.summary': summary,
    ...(table === undefined ? {} : { 'db.collection.name': table }),
  };
  const span = trace.getTracer('@shop/subgraph').startSpan(summary, { kind: SpanKind.CLIENT, attributes }, parent);
  try {
    return await work();
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}
