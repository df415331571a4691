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

/** The name of the user that an operator's tools connect as. */
export const OPERATOR = 'ops';

/** Every service that the topology names. */
export function servicesOf(topology: Topology): string[] {
  const { streams, consumers, requests } = topology;
  const names = [
    ...streams.map(({ publisher }) => publisher),
    ...consumers.map(({ subscriber }) => subscriber),
    ...requests.flatMap(({ requester, responder }) => [requester, responder]),
  ];
  return [...new Set(names)].sort();
}

/** A user per service with what its role needs, and {@link OPERATOR} with all rights. */
export function natsUsers(topology: Topology, passwordOf: (user: string) => string): NatsUser[] {
  const services = servicesOf(topology).map((name) => ({
    name,
    password: passwordOf(name),
    permissions: permissionsFor(topology, name),
  }));
  return [...services, { name: OPERATOR, password: passwordOf(OPERATOR) }];
}
