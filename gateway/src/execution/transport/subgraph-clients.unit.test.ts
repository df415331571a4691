import type { SubgraphClient } from './subgraph-client.ts';
import { SubgraphClients } from './subgraph-clients.ts';

const subgraph = (name: string, ...urls: string[]) => ({ name, urls, isService: false });

function create() {
  const log: string[] = [];
  const clients = new SubgraphClients(({ name, urls }) => {
    log.push(`open ${name} ${urls.join()}`);
    return { name, close: async () => void log.push(`close ${name} ${urls.join()}`) } as unknown as SubgraphClient;
  });
  return { clients, log };
}

test('supergraphs share the clients of the subgraphs that stay, and the last one closes them', async () => {
  const { clients, log } = create();
  const first = clients.open([subgraph('a', 'http://1'), subgraph('b', 'http://2')]);
  const second = clients.open([subgraph('a', 'http://1'), subgraph('c', 'http://3')]);
  expect(second.clients.get('a')).toBe(first.clients.get('a'));
  await first.close();
  // A set that is closed twice must not close what another one uses.
  await first.close();
  expect(log).toEqual(['open a http://1', 'open b http://2', 'open c http://3', 'close b http://2']);
  expect(clients.size).toBe(2);
  await second.close();
  expect([clients.size, log.slice(4).sort()]).toEqual([0, ['close a http://1', 'close c http://3']]);
});

test('a subgraph with other URLs has a client of its own', async () => {
  const { clients, log } = create();
  const first = clients.open([subgraph('a', 'http://1')]);
  const second = clients.open([subgraph('a', 'http://1', 'http://2')]);
  expect(second.clients.get('a')).not.toBe(first.clients.get('a'));
  await first.close();
  expect(log.at(-1)).toBe('close a http://1');
  await second.close();
});
