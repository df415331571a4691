import { durableName, inboxPrefix } from './topology.ts';
import type { ConsumerDefinition, StreamDefinition, Topology } from './topology.ts';

/** What a service's user may do on the broker, as NATS writes permissions. */
export interface Permissions {
  readonly publish: string[];
  readonly subscribe: string[];
}

/** The smallest permissions with which a service can do what the topology gives it to do, on nats-server 2.9 and later. */
export function permissionsFor(topology: Topology, service: string): Permissions {
  const asked = topology.requests.filter((request) => request.responder === service);
  const publish = [
    ...topology.streams.filter((stream) => stream.publisher === service).flatMap(publishing),
    ...topology.consumers.filter((consumer) => consumer.subscriber === service).flatMap(consuming),
    ...topology.requests.filter((request) => request.requester === service).map((request) => request.subject),
    ...asked.map((request) => `${inboxPrefix(request.requester)}.>`),
  ];
  const subscribe = [`${inboxPrefix(service)}.>`, ...asked.map((request) => request.subject)];
  return { publish: [...new Set(publish)], subscribe: [...new Set(subscribe)] };
}

function publishing({ name, subjects }: StreamDefinition): string[] {
  const api = ['INFO', 'CREATE', 'UPDATE'].map((action) => `$JS.API.STREAM.${action}.${name}`);
  return [...subjects, ...api];
}

function consuming(consumer: ConsumerDefinition): string[] {
  const place = `${consumer.stream}.${durableName(consumer)}`;
  // A consumer with several filters is created by DURABLE.CREATE, one without a filter (before 2.10) by CREATE.
  const api = ['CREATE', 'DURABLE.CREATE', 'DELETE', 'INFO', 'MSG.NEXT'].map(
    (action) => `$JS.API.CONSUMER.${action}.${place}`,
  );
  return [`$JS.API.STREAM.INFO.${consumer.stream}`, ...api, `$JS.ACK.${place}.>`];
}
