import os from 'node:os';
import { expectSuccess, Login, Register } from '@shop/client';
import { startTestStack, type TestStack } from '@shop/testing';
import { createPasswordHasher, type PasswordHasher } from '../subgraphs/user/src/auth/password-hasher.ts';
import { cpuBetween, listProcesses, readCpuTimes } from './orders/cpu-times.ts';
import { circumstances } from './results/circumstances.ts';
import { markdownTable } from './results/markdown-table.ts';
import { median } from './results/statistics.ts';
import type { SignInsOptions } from './sign-ins/options.ts';

const password = 'correct horse battery staple';
const unlimited = '1000000/3600';

/**
 * Measures sign-ins through the gateway, and in turn what checks of passwords alone take: by the user service's own hasher, in this
 * process, while the system is idle.
 */
export async function signIns({ clients, rounds, seconds }: SignInsOptions): Promise<void> {
  const loadBefore = os.loadavg()[0] ?? 0;
  const system = await startTestStack({
    env: { THROTTLE_ACCOUNT_FROM_ADDRESS: unlimited, THROTTLE_ADDRESS: unlimited, THROTTLE_REGISTRATION: unlimited },
  });
  try {
    const emails = Array.from({ length: clients }, (_, client) => `customer-${client}@example.com`);
    for (const email of emails)
      expectSuccess((await system.anonymous.request(Register, { input: { email, password, name: 'Ada' } })).register);
    const hasher = await createPasswordHasher();
    const hash = await hasher.hash(password);
    const parts = [
      ['sign-ins', (client: number) => signIn(system, emails[client] ?? '')],
      ['checks of a password alone', () => check(hasher, hash)],
    ] as const;
    const rates = parts.map(() => [] as number[]);
    // The first round warms both up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, [, work]] of parts.entries()) {
        const rate = await measureRate(clients, seconds, work);
        if (round > 0) rates[index]?.push(rate);
      }
    }
    const [whole = 0, alone = 0] = rates.map(median);
    const cpu = await measureCpu(system, clients, seconds, parts[0][1]);
    console.log(
      `\n${circumstances(loadBefore, seconds)} ${clients} clients, ${rounds} rounds in turn. Medians.\n\n` +
        `${markdownTable(
          ['', 'a second', 'of the checks alone'],
          [
            [parts[0][0], whole.toFixed(1), `${((100 * whole) / alone).toFixed(0)} %`],
            [parts[1][0], alone.toFixed(1), ''],
          ],
        )}\n\n${markdownTable(
          ['CPU ms a sign-in', ''],
          [...cpu, ['all of these', sum(cpu.values())] as const].map(([name, ms]) => [name, ms.toFixed(2)]),
        )}\n`,
    );
  } finally {
    await system.stop();
  }
}

/** Returns the CPU milliseconds of each process for one sign-in. This process, which sends them, is not among them. */
async function measureCpu(
  { stack }: TestStack,
  clients: number,
  seconds: number,
  work: (client: number) => Promise<unknown>,
): Promise<Map<string, number>> {
  const cpuTimes = () => readCpuTimes(listProcesses(stack), stack.postgres?.pid ?? null);
  const before = await cpuTimes();
  let done = 0;
  await measureRate(clients, seconds, async (client) => {
    await work(client);
    done += 1;
  });
  return new Map([...cpuBetween(before, await cpuTimes())].map(([name, used]) => [name, (used * 1_000) / done]));
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

async function measureRate(
  clients: number,
  seconds: number,
  work: (client: number) => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  let done = 0;
  const run = async (client: number): Promise<void> => {
    while (performance.now() - started < seconds * 1_000) {
      await work(client);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  return done / ((performance.now() - started) / 1_000);
}

async function signIn({ anonymous }: TestStack, email: string): Promise<void> {
  expectSuccess((await anonymous.request(Login, { input: { email, password } })).login);
}

async function check(hasher: PasswordHasher, hash: string): Promise<void> {
  if (!(await hasher.verify(hash, password))) throw new Error('The right password is refused.');
}
