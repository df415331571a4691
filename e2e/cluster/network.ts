import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import type { NatsPlace } from '@shop/testing';

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Why this machine cannot make the network, or null. */
export function whyNoNetwork(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux';
  const name = `shop-probe-${process.pid}`;
  const isMade = spawnSync('ip', ['netns', 'add', name]).status === 0;
  const isUsable =
    isMade &&
    spawnSync('ip', ['-netns', name, 'link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there']).status === 0;
  if (isMade) spawnSync('ip', ['netns', 'delete', name]);
  return isUsable ? null : 'no network namespace can be made';
}

/** Hosts of their own, in namespaces. Each has one cable for clients, and one for the other hosts. */
export interface ClusterNetwork {
  readonly places: readonly NatsPlace[];
  /** Cuts the cables of a host. Nobody is told: packets are lost. */
  cut(host: number): void;
  repair(host: number): void;
  remove(): void;
}

/**
 * Makes the network, and this machine a part of it, as a client. Its addresses are those of RFC 2544, which no network
 * uses but to measure. Needs root on Linux: see {@link whyNoNetwork}.
 */
export function openClusterNetwork(hosts: number): ClusterNetwork {
  const id = randomInt(16 ** 4)
    .toString(16)
    .padStart(4, '0');
  const net = randomInt(126) * 2;
  const kinds = [
    { kind: 'c', prefix: `198.18.${net}` }, // for clients
    { kind: 'r', prefix: `198.18.${net + 1}` }, // for routes between the servers
  ] as const;
  const namespaceOf = (host: number): string => `shop-${id}-${host}`;
  const cableOf = (kind: string, host: number): string => `sh${id}${kind}${host}`;
  const bridgeOf = (kind: string): string => `sh${id}${kind}`;
  const numbers = Array.from({ length: hosts }, (_, host) => host);

  function remove(): void {
    for (const host of numbers) spawnSync('ip', ['netns', 'delete', namespaceOf(host)]);
    for (const { kind } of kinds) spawnSync('ip', ['link', 'delete', bridgeOf(kind)]);
  }

  try {
    for (const host of numbers) {
      ip('netns', 'add', namespaceOf(host));
      ip('-netns', namespaceOf(host), 'link', 'set', 'lo', 'up');
    }
    for (const { kind, prefix } of kinds) {
      ip('link', 'add', bridgeOf(kind), 'type', 'bridge');
      ip('address', 'add', `${prefix}.1/24`, 'dev', bridgeOf(kind));
      ip('link', 'set', bridgeOf(kind), 'up');
      for (const host of numbers) {
        const [cable, inside, namespace] = [cableOf(kind, host), `eth-${kind}`, namespaceOf(host)];
        ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace);
        ip('link', 'set', cable, 'master', bridgeOf(kind), 'up');
        ip('-netns', namespace, 'address', 'add', `${prefix}.${host + 10}/24`, 'dev', inside);
        ip('-netns', namespace, 'link', 'set', inside, 'up');
      }
    }
  } catch (error) {
    remove();
    throw error;
  }

  const set = (host: number, state: 'up' | 'down'): void => {
    for (const { kind } of kinds) ip('link', 'set', cableOf(kind, host), state);
  };
  return {
    places: numbers.map((host) => ({
      host: `${kinds[0].prefix}.${host + 10}`,
      routeHost: `${kinds[1].prefix}.${host + 10}`,
      runBy: ['ip', 'netns', 'exec', namespaceOf(host)],
    })),
    cut: (host) => set(host, 'down'),
    repair: (host) => set(host, 'up'),
    remove,
  };
}
