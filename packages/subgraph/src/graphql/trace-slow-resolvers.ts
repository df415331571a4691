import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { describeErrorType, isSampled } from '@shop/process';
import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Gives each call of a resolver that takes long a span, in recorded traces. A span for each call would cost more than the resolvers do. The
 * statements of a slow resolver are beside its span: it is known to be slow only at its end.
 */
export function traceSlowResolvers(schema: GraphQLSchema, aboveMs: number): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (field.resolve !== undefined) field.resolve = traced(field.resolve, `${type.name}.${field.name}`, aboveMs);
  }
}

function traced(resolve: Resolver, name: string, aboveMs: number): Resolver {
  return (...args) => {
    const parent = context.active();
    if (!isSampled(parent)) return resolve(...args);
    const startedAt = performance.now();
    const startTime = Date.now();
    const result = resolve(...args);
    if (!(result instanceof Promise)) return result;
    const end = (failure: { error: unknown } | undefined): void => {
      if (performance.now() - startedAt < aboveMs) return;
      const attributes = { 'graphql.field.name': name };
      const span = trace.getTracer('@shop/subgraph').startSpan(`resolve ${name}`, { startTime, attributes }, parent);
      if (failure !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', describeErrorType(failure.error));
      }
      span.end();
    };
    result.then(
      () => end(undefined),
      (error: unknown) => end({ error }),
    );
    return result;
  };
}
