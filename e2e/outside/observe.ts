/**
 * Starts the program that its arguments name, and prints as JSON how many packets it sent to other hosts. It must run as root in a
 * network namespace of its own: there, the way to all other hosts is a cable that leads nowhere, and its counter counts what leaves.
 */
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than what the program does at its start takes. */
const observeMs = 4_000;

const ip = (...args: readonly string[]): Buffer => execFileSync('ip', args);
ip('link', 'set', 'lo', 'up');
ip('link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'nowhere');
// With IPv6 the kernel itself would look for neighbours. A program that tries IPv6 alone finds no network.
for (const end of ['out', 'nowhere']) {
  writeFileSync(`/proc/sys/net/ipv6/conf/${end}/disable_ipv6`, '1');
  ip('link', 'set', end, 'up');
}
ip('address', 'add', '192.0.2.2/24', 'dev', 'out');
// The neighbour is known, so that the kernel asks for no address.
ip('neighbour', 'add', '192.0.2.1', 'lladdr', '02:00:00:00:00:01', 'dev', 'out');
ip('route', 'add', 'default', 'via', '192.0.2.1', 'dev', 'out');

function countPackets(): number {
  const links = JSON.parse(String(ip('-json', '-statistics', 'link', 'show', 'out'))) as {
    stats64: { tx: { packets: number } };
  }[];
  return links[0]?.stats64.tx.packets ?? NaN;
}

const before = countPackets();
const [, , ...args] = process.argv;
const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
let log = '';
const ready = new Promise<boolean>((resolve) => {
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (log.includes('"msg":"ready"')) resolve(true);
  });
  child.once('exit', () => resolve(false));
});
const isReady = await ready;
if (isReady) await sleep(observeMs);
const packets = countPackets() - before;
child.kill('SIGKILL');
process.stdout.write(JSON.stringify({ isReady, packets, log: isReady ? '' : log }));
process.exit(0);
