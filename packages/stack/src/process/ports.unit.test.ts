import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processStartedAt } from './identity.ts';
import { releasePorts, claimPorts } from './port-claims.ts';
import { freePort, freePortRange, INSPECTOR_OFFSET, whyPortIsUnusable } from './ports.ts';

const FIRST_OUTGOING_PORT = 32_768;

test('a chosen port and its inspector are free and below the ports of outgoing connections', async () => {
  const port = await freePort();
  expect(port + INSPECTOR_OFFSET).toBeLessThan(FIRST_OUTGOING_PORT);
  expect([await whyPortIsUnusable(port), await whyPortIsUnusable(port + INSPECTOR_OFFSET)]).toEqual([null, null]);
});

test('no port is chosen twice while nobody listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 500 }, freePort));
  expect(new Set(ports).size).toBe(ports.length);
});

test('a port in use is unusable, and the reason is told', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    expect(await whyPortIsUnusable(port)).toBe('EADDRINUSE');
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('claims', () => {
  const usual = process.env['TMPDIR'];
  let directory: string;
  const claimAs = (owner: string, ports: Iterable<number>): void => {
    for (const port of ports) symlinkSync(owner, join(directory, String(port)));
  };

  beforeEach(() => {
    const temporary = mkdtempSync(join(tmpdir(), 'ports-'));
    process.env['TMPDIR'] = temporary;
    directory = join(temporary, `shop-ports-${process.getuid?.() ?? 'all'}`);
    mkdirSync(directory);
  });
  afterEach(() => {
    rmSync(process.env['TMPDIR'] ?? '', { recursive: true });
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  });

  test('a row is claimed as a whole or not at all, and given back', async () => {
    claimAs(`${process.ppid} ${await processStartedAt(process.ppid)}`, [3]);
    expect(await claimPorts([1, 2, 3, 4])).toBe(false);
    expect(readdirSync(directory)).toEqual(['3']);
    expect(await claimPorts([1, 2])).toBe(true);
    expect(await claimPorts([2])).toBe(false);
    releasePorts([1, 2, 3]);
    expect(readdirSync(directory)).toEqual(['3']);
  });

  test('a process that is gone has none, also when another one got its pid', async () => {
    claimAs('99999999 1', [1]);
    claimAs(`${process.ppid} of another time`, [2]);
    expect(await claimPorts([1, 2])).toBe(true);
    releasePorts([1, 2]);
  });

  test('a row is found among the claims of processes that are gone', async () => {
    claimAs('99999999 1', allPorts());
    const first = await freePortRange(7);
    expect(await claimPorts([first + 6])).toBe(false);
    releasePorts(allPorts());
  });

  test('when none is free, it is an error, and timers go on meanwhile', async () => {
    claimAs(`${process.ppid} ${await processStartedAt(process.ppid)}`, allPorts());
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await expect(freePort()).rejects.toThrow('No port is free between 12000 and 22000.');
    await expect(freePortRange(7)).rejects.toThrow('No 7 ports in a row are free between 12000 and 22000.');
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  const allPorts = (): number[] => Array.from({ length: 10_000 }, (_, place) => 12_000 + place);
});
