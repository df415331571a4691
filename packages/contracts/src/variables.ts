import { serviceNames, type ServiceName } from './services.ts';

/** The environment variables whose names contain a service's name. */
export interface ServiceVariables<Name extends ServiceName = ServiceName> {
  /** The port on which the service listens. */
  readonly port: `${Uppercase<Name>}_PORT`;
  /** The Unix socket on which the service listens in place of the port. */
  readonly socket: `${Uppercase<Name>}_SOCKET`;
  /** The base URL at which the gateway reaches the service. */
  readonly url: `${Uppercase<Name>}_URL`;
  /** The URL of the service's database. */
  readonly databaseUrl: `${Uppercase<Name>}_DATABASE_URL`;
  /** The URL of the same database past a pooler. */
  readonly databaseDirectUrl: `${Uppercase<Name>}_DATABASE_DIRECT_URL`;
  /** The URLs of its read replicas. */
  readonly databaseReadUrls: `${Uppercase<Name>}_DATABASE_READ_URLS`;
  /** The password of the database role, for containers. */
  readonly databasePassword: `${Uppercase<Name>}_DATABASE_PASSWORD`;
  /** The password of the service at the broker, for containers. */
  readonly natsPassword: `NATS_${Uppercase<Name>}_PASSWORD`;
}

/** The names of a service's environment variables. */
export function nameVariables<Name extends ServiceName>(name: Name): ServiceVariables<Name> {
  const prefix = name.toUpperCase() as Uppercase<Name>;
  return {
    port: `${prefix}_PORT`,
    socket: `${prefix}_SOCKET`,
    url: `${prefix}_URL`,
    databaseUrl: `${prefix}_DATABASE_URL`,
    databaseDirectUrl: `${prefix}_DATABASE_DIRECT_URL`,
    databaseReadUrls: `${prefix}_DATABASE_READ_URLS`,
    databasePassword: `${prefix}_DATABASE_PASSWORD`,
    natsPassword: `NATS_${prefix}_PASSWORD`,
  };
}

/** A process that serves metrics. */
export type MeasuredProcess = 'gateway' | ServiceName | 'signing-proxy';

/** In the order of their ports. */
const measuredProcesses: readonly MeasuredProcess[] = ['gateway', ...serviceNames, 'signing-proxy'];

/**
 * The port on which a process serves its metrics: the gateway has `METRICS_PORT` itself, the services have the following ones, in the
 * order of the table, and the signing proxy has the one after theirs.
 *
 * @param base the value of `METRICS_PORT`; 0 stays 0, which means any free port
 */
export function findMetricsPort(base: number, name: MeasuredProcess): number {
  return base === 0 ? 0 : base + measuredProcesses.indexOf(name);
}

/** An object with a value for each service, in the order of the table. */
export function mapServices<Value>(create: (name: ServiceName) => Value): Readonly<Record<ServiceName, Value>> {
  return Object.fromEntries(serviceNames.map((name) => [name, create(name)])) as Record<ServiceName, Value>;
}
