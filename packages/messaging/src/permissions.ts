import { confirmationRequests, durableName, inboxPrefix } from './topology.ts';
import type { ConsumerDefinition, RequestDefinition, StreamDefinition, Topology, WatchDefinition } from './topology.ts';

/** Subjects to which a service's user may publish and subscribe, in the form of NATS permissions. */
export interface Permissions {
  readonly publish: string[];
  readonly subscribe: string[];
}

/** Returns the smallest permissions that a service needs for its part of the topology, on nats-server 2.9 and later. */
export function permissionsFor(topology: Topology, service: string): Permissions {
  const requests: readonly RequestDefinition[] = [
    ...topology.requests,
    ...topology.consumers.flatMap((consumer) => {
      const { compare, deliver } = confirmationRequests(topology, consumer);
      return [compare, deliver];
    }),
  ];
  const answered = requests.filter((request) => request.responder === service);
  const publish = [
    ...topology.streams.filter((stream) => stream.publisher === service).flatMap(publishPermissions),
    ...topology.consumers.filter((consumer) => consumer.subscriber === service).flatMap(consumePermissions),
    ...(topology.watches ?? []).filter(({ watcher }) => watcher === service).flatMap(watchPermissions),
    ...requests.filter((request) => request.requester === service).map((request) => request.subject),
    ...answered.map((request) => `${inboxPrefix(request.requester)}.>`),
  ];
  const subscribe = [`${inboxPrefix(service)}.>`, ...answered.map((request) => request.subject)];
  return { publish: [...new Set(publish)], subscribe: [...new Set(subscribe)] };
}

function publishPermissions({ name, subjects }: StreamDefinition): string[] {
  const api = ['INFO', 'CREATE', 'UPDATE', 'DELETE'].map((action) => `$JS.API.STREAM.${action}.${name}`);
  return [...subjects, ...api];
}

function consumePermissions(consumer: ConsumerDefinition): string[] {
  const place = `${consumer.stream}.${durableName(consumer)}`;
  // DURABLE.CREATE creates a consumer with several filters, CREATE one without a filter (before 2.10).
  const api = ['CREATE', 'DURABLE.CREATE', 'DELETE', 'INFO', 'MSG.NEXT'].map(
    (action) => `$JS.API.CONSUMER.${action}.${place}`,
  );
  return [`$JS.API.STREAM.INFO.${consumer.stream}`, ...api, `$JS.ACK.${place}.>`];
}

/** The broker pushes the messages, so a watch only creates its consumer, and asks how far it is. Its name is new each time. */
function watchPermissions({ stream, subjects: [subject, ...others] }: WatchDefinition): string[] {
  const create = `$JS.API.CONSUMER.CREATE.${stream}`;
  // The first creates a consumer with several filters, the second one without a filter (before 2.10).
  const creations = others.length === 0 ? [`${create}.*.${subject}`] : [create, `${create}.*`];
  return [...creations, `$JS.API.CONSUMER.INFO.${stream}.*`];
}
