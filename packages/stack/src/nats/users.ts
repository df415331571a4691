import { permissionsFor, type Topology } from '@shop/messaging';

/** Subjects that a user may publish to and subscribe to. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** A user of the broker. */
export interface NatsUser {
  readonly name: string;
  readonly password: string;
  /** Default: everything. */
  readonly permissions?: NatsPermissions;
}

/** The user of an operator's tools. */
export const OPERATOR = 'ops';

/** Every service and other process that the topology names. */
export function listServices(topology: Topology): string[] {
  const { streams, consumers, watches = [], requests } = topology;
  const names = [
    ...streams.map(({ publisher }) => publisher),
    ...consumers.map(({ subscriber }) => subscriber),
    ...watches.map(({ watcher }) => watcher),
    ...requests.flatMap(({ requester, responder }) => [requester, responder]),
  ];
  return [...new Set(names)].sort();
}

/** A user for each service with the rights that it needs, and {@link OPERATOR} with all rights. */
export function natsUsers(topology: Topology, findPassword: (user: string) => string): NatsUser[] {
  const services = listServices(topology).map((name) => ({
    name,
    password: findPassword(name),
    permissions: permissionsFor(topology, name),
  }));
  return [...services, { name: OPERATOR, password: findPassword(OPERATOR) }];
}
