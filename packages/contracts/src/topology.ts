import { type ServiceDefinition, type ServiceName, serviceNames, services, tokenIssuer } from './services.ts';
import { deadLetteredBy } from './ops.ts';
import { sessionsRevoked } from './user.ts';
import { findMetricsPort } from './variables.ts';

/** A stream, and the service that publishes on it. */
export interface StreamDefinition {
  readonly name: string;
  readonly publisher: ServiceName;
  readonly subjects: readonly string[];
}

/** A durable consumer: one for each stream that a service follows. */
export interface ConsumerDefinition {
  readonly subscriber: ServiceName;
  readonly stream: string;
  readonly subjects: readonly string[];
}

/** The recent events that a process without a database reads. It keeps no position. */
export interface WatchDefinition {
  readonly watcher: string;
  readonly stream: string;
  readonly subjects: readonly string[];
}

/** A request between two services. */
export interface RequestDefinition {
  readonly subject: string;
  readonly requester: ServiceName;
  readonly responder: string;
}

const table: readonly (readonly [ServiceName, ServiceDefinition])[] = serviceNames.map((name) => [
  name,
  services[name],
]);

/** The stream of a service's events. */
export function findStream(publisher: ServiceName): StreamDefinition {
  const { stream, subjects } = services[publisher].publishes;
  return { name: stream, publisher, subjects: [...subjects, deadLetteredBy(publisher).type] };
}

/** The consumers of a service: one for each service that it follows. */
export function findConsumers(subscriber: ServiceName): readonly ConsumerDefinition[] {
  const { follows }: ServiceDefinition = services[subscriber];
  return Object.entries(follows).map(([publisher, events]) => ({
    subscriber,
    stream: findStream(publisher as ServiceName).name,
    subjects: events.map(({ type }) => type),
  }));
}

/** The consumers of a service's stream: one for each service that follows it. */
export function findFollowers(publisher: ServiceName): readonly ConsumerDefinition[] {
  const { name } = findStream(publisher);
  return serviceNames.flatMap(findConsumers).filter(({ stream }) => stream === name);
}

/**
 * The consumer by which `subscriber` follows `publisher`.
 *
 * @throws Error when the table of services has no such line
 */
export function findConsumer(subscriber: ServiceName, publisher: ServiceName): ConsumerDefinition {
  const stream = findStream(publisher).name;
  const consumer = findConsumers(subscriber).find((each) => each.stream === stream);
  if (consumer === undefined)
    throw new Error(`The service ${subscriber} does not follow ${publisher}: see packages/contracts/src/services.ts.`);
  return consumer;
}

/** A service as its own process needs to know it: its line in the table, with its stream and its consumers. */
export function describeService<Name extends ServiceName>(name: Name) {
  return {
    name,
    port: services[name].port,
    findMetricsPort: (base: number) => findMetricsPort(base, name),
    stream: findStream(name),
    consumers: findConsumers(name),
    deadLettered: deadLetteredBy(name),
    topology,
  };
}

/** The sessions whose access tokens the gateway must refuse. */
export const revokedSessionsWatch: WatchDefinition = {
  watcher: 'gateway',
  stream: findStream(tokenIssuer).name,
  subjects: [sessionsRevoked.type],
};

/** The events from which the gateway learns what has changed: one watch for each stream that has some. */
export const changeWatches: readonly WatchDefinition[] = table.flatMap(([name, { watched = [] }]) =>
  watched.length === 0
    ? []
    : [{ watcher: 'gateway', stream: findStream(name).name, subjects: watched.map(({ type }) => type) }],
);

/** Every stream, durable consumer, watch and request of the system. Permissions at the broker follow from it. */
export const topology = {
  streams: serviceNames.map(findStream),
  consumers: serviceNames.flatMap(findConsumers),
  watches: [revokedSessionsWatch, ...changeWatches],
  requests: table.flatMap(([requester, { asks }]) =>
    asks.map(({ subject, responder }): RequestDefinition => ({ subject, requester, responder })),
  ),
} as const;
