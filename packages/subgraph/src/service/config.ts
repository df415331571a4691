import { isPooled } from '@shop/messaging';
import {
  ConfigError,
  errorExposureFields,
  fields,
  loadConfig,
  readErrorExposure,
  readTracing,
  tracingFields,
} from '@shop/process';
import { z } from 'zod';
import { SESSION_STATEMENT_TIMEOUT_MS } from '../database/pool-options.ts';

/**
 * Reads the configuration that every subgraph has, and that of one.
 *
 * @throws ConfigError with the mistakes of both
 */
export function readSubgraphConfig<Own>(
  service: { name: string; port: number },
  readOwn: (env: NodeJS.ProcessEnv) => Own,
  env = process.env,
) {
  return readBoth(
    () => readCommonConfig(service, env),
    () => readOwn(env),
  );
}

/**
 * Reads the configuration that every seed has, and that of one.
 *
 * @throws ConfigError with the mistakes of both
 */
export function readSeedConfig<Own>(
  service: { name: string },
  readOwn: (env: NodeJS.ProcessEnv) => Own,
  env = process.env,
) {
  return readBoth(
    () => readCommonSeedConfig(service, env),
    () => readOwn(env),
  );
}

function readCommonConfig(service: { name: string; port: number }, env: NodeJS.ProcessEnv) {
  const shape = {
    nodeEnv: errorExposureFields.NODE_ENV,
    exposeErrors: errorExposureFields.EXPOSE_ERRORS,
    logLevel: fields.logLevel(),
    host: fields.host(),
    port: fields.port(service.port),
    socketPath: fields.socketPath().optional(),
    metricsPort: fields.metricsPort(),
    shutdownDelay: fields.shutdownDelay(),
    databaseUrl: fields.postgresUrl(),
    databaseDirectUrl: fields.postgresUrl().optional(),
    databaseReadUrls: fields.postgresUrls().optional(),
    natsUrl: fields.natsUrl(),
    natsReplicas: fields.integer(1, 1, 5),
    internalTokenJwks: fields.publicJwks(),
    maxAnswerBytes: fields.maxAnswerBytes(),
    slowResolverMs: fields.integer(100, 0, 600_000),
    statementTimeoutMs: fields.integer(4_000, 1, SESSION_STATEMENT_TIMEOUT_MS),
    ...tracingFields,
  };
  const variables = nameVariables(service);
  const { nodeEnv, exposeErrors, databaseDirectUrl, databaseReadUrls, ...common } = loadRenamed(
    service.name,
    shape,
    variables,
    env,
  );
  if (isPooled(common.databaseUrl) && databaseDirectUrl === undefined)
    throw new ConfigError(service.name, [
      `${variables.databaseDirectUrl} is missing: the service listens over it, since ${variables.databaseUrl} has pgbouncer=true`,
    ]);
  const exposeReasons = readErrorExposure(service.name, { NODE_ENV: nodeEnv, EXPOSE_ERRORS: exposeErrors });
  return {
    ...common,
    directUrl: databaseDirectUrl ?? common.databaseUrl,
    readUrls: splitUrls(databaseReadUrls ?? ''),
    exposeReasons,
    tracing: readTracing(common),
  };
}

function splitUrls(text: string): string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function readCommonSeedConfig(service: { name: string }, env: NodeJS.ProcessEnv) {
  const shape = {
    logLevel: fields.logLevel(),
    databaseUrl: fields.postgresUrl(),
    kind: z.enum(['demo', 'none']).default('demo'),
  };
  return loadRenamed(`${service.name}-seed`, shape, nameVariables(service), env);
}

function nameVariables({ name }: { name: string }) {
  const prefix = name.toUpperCase();
  return {
    nodeEnv: 'NODE_ENV',
    exposeErrors: 'EXPOSE_ERRORS',
    logLevel: 'LOG_LEVEL',
    host: 'HOST',
    port: `${prefix}_PORT`,
    socketPath: `${prefix}_SOCKET`,
    metricsPort: 'METRICS_PORT',
    shutdownDelay: 'SHUTDOWN_DELAY_MS',
    databaseUrl: `${prefix}_DATABASE_URL`,
    databaseDirectUrl: `${prefix}_DATABASE_DIRECT_URL`,
    databaseReadUrls: `${prefix}_DATABASE_READ_URLS`,
    natsUrl: 'NATS_URL',
    natsReplicas: 'NATS_REPLICAS',
    internalTokenJwks: 'INTERNAL_TOKEN_JWKS',
    maxAnswerBytes: 'MAX_ANSWER_BYTES',
    slowResolverMs: 'TRACE_SLOW_RESOLVER_MS',
    statementTimeoutMs: 'STATEMENT_TIMEOUT_MS',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    OTEL_EXPORTER_OTLP_HEADERS: 'OTEL_EXPORTER_OTLP_HEADERS',
    OTEL_TRACES_SAMPLER_ARG: 'OTEL_TRACES_SAMPLER_ARG',
    kind: 'SEED',
  };
}

/** Reads variables whose names depend on the service's name. */
function loadRenamed<Shape extends z.ZodRawShape>(
  process: string,
  shape: Shape,
  variables: Record<keyof Shape & string, string>,
  env: NodeJS.ProcessEnv,
): z.infer<z.ZodObject<Shape>> {
  const keys = Object.keys(shape) as (keyof Shape & string)[];
  const byVariable = Object.fromEntries(keys.map((key) => [variables[key], shape[key] as z.ZodType]));
  const read = loadConfig(process, byVariable, env);
  return Object.fromEntries(keys.map((key) => [key, read[variables[key]]])) as z.infer<z.ZodObject<Shape>>;
}

function readBoth<First, Second>(first: () => First, second: () => Second): [First, Second] {
  const [one, other] = [attempt(first), attempt(second)];
  if ('value' in one && 'value' in other) return [one.value, other.value];
  const errors = [one, other].flatMap((part) => ('error' in part ? [part.error] : []));
  throw new ConfigError(
    errors[0]?.service ?? '',
    errors.flatMap(({ mistakes }) => mistakes),
  );
}

function attempt<Value>(read: () => Value): { value: Value } | { error: ConfigError } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof ConfigError) return { error };
    throw error;
  }
}
