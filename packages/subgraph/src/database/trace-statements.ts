import { SpanKind, trace } from '@opentelemetry/api';
import { getCurrentTrace } from '@shop/messaging';
import { isSampled, markFailed } from '@shop/process';
import { summariseStatement } from './summarise-statement.ts';

/** The part of Prisma's driver adapters through which each statement goes. */
interface Statements {
  queryRaw(query: { readonly sql: string }): Promise<unknown>;
  executeRaw(query: { readonly sql: string }): Promise<unknown>;
}

interface Connection extends Statements {
  startTransaction(...args: never[]): Promise<Statements>;
}

interface AdapterFactory {
  connect(): Promise<Connection>;
}

/** Runs a statement, which is in a transaction or alone. */
export type AroundStatement = <Result>(text: string, work: () => Promise<Result>, isAlone: boolean) => Promise<Result>;

/**
 * Gives each statement of a database a span, in recorded traces: its operation and table, and neither its text nor its values. The time
 * includes that for which it waits for a connection.
 *
 * @param factory an adapter of Prisma
 * @param around what else is done with each statement; default: nothing
 */
export function traceStatements<Factory extends object>(
  factory: Factory,
  around: AroundStatement = (_text, work) => work(),
): Factory {
  const run: AroundStatement = (text, work, isAlone) => around(text, () => inStatementSpan(text, work), isAlone);
  return new Proxy(factory, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (member !== 'connect') return typeof value === 'function' ? value.bind(target) : value;
      return async () => traceConnection(await (target as Factory & AdapterFactory).connect(), run);
    },
  });
}

function traceConnection(connection: Connection, run: AroundStatement): Connection {
  const begin = connection.startTransaction.bind(connection);
  connection.startTransaction = async (...args) => traceAll(await run('BEGIN', () => begin(...args), true), run, false);
  return traceAll(connection, run, true);
}

function traceAll<Target extends Statements>(target: Target, run: AroundStatement, isAlone: boolean): Target {
  const queryRaw = target.queryRaw.bind(target);
  const executeRaw = target.executeRaw.bind(target);
  target.queryRaw = (query) => run(query.sql, () => queryRaw(query), isAlone);
  target.executeRaw = (query) => run(query.sql, () => executeRaw(query), isAlone);
  return target;
}

function inStatementSpan<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
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
