import { topology } from '@shop/contracts';
import { connectBroker } from '@shop/messaging';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const timeout = 5_000;

/** The servers of a cluster that hold a stream. */
export interface StreamHolders {
  readonly leader: string;
  /** Those that have everything. */
  readonly followers: readonly string[];
  /** The others, as the leader describes them. */
  readonly behind: readonly unknown[];
}

/**
 * Returns where each stream is, as its leader says.
 *
 * @throws Error while the cluster has no leader, or a stream has none
 */
export async function findHolders(url: string): Promise<ReadonlyMap<string, StreamHolders>> {
  const broker = await connectBroker({ url, service: 'ops', topology, logger: silent });
  try {
    const nats = await broker.link.whenUp(AbortSignal.timeout(timeout));
    if (nats === null) throw new Error('No server of the cluster accepts connections.');
    const manager = await nats.jetstreamManager({ checkAPI: false, timeout });
    const holders = topology.streams.map(async ({ name }): Promise<[string, StreamHolders]> => {
      const { cluster } = await manager.streams.info(name);
      if (!cluster?.leader) throw new Error(`The stream ${name} has no leader.`);
      const replicas = cluster.replicas ?? [];
      const followers = replicas.filter(({ current, offline }) => current && !offline);
      const behind = replicas.filter((replica) => !followers.includes(replica));
      return [name, { leader: cluster.leader, followers: followers.map((replica) => replica.name), behind }];
    });
    return new Map(await Promise.all(holders));
  } finally {
    await broker.close();
  }
}
