import { type ServiceDefinition, type ServiceName, serviceNames, services } from './services.ts';

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
  return { name: stream, publisher, subjects };
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
    stream: findStream(name),
    consumers: findConsumers(name),
    topology,
  };
}

/** Every stream, durable consumer and request of the system. Permissions at the broker follow from it. */
export const topology = {
  streams: serviceNames.map(findStream),
  consumers: serviceNames.flatMap(findConsumers),
  requests: table.flatMap(([requester, { asks }]) =>
    asks.map(({ subject, responder }): RequestDefinition => ({ subject, requester, responder })),
  ),
} as const;
