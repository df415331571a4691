import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Resolves a host name for a new connection, with its addresses in random order. So connections spread over the replicas behind one
 * name. When an address refuses the connection, Node tries the next one.
 */
export const lookupInRandomOrder: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address: string | LookupAddress[], family) => {
    callback(error, Array.isArray(address) ? shuffle(address) : address, family);
  });
};

function shuffle<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
