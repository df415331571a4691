import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { generateTableFiles, readTableMigrations } from '@shop/messaging/tables';

const services = readdirSync('prisma', { withFileTypes: true }).filter((entry) => entry.isDirectory());

test('there are services to check', () => {
  expect(services.length).toBeGreaterThanOrEqual(3);
});

test.each(services.map(({ name }) => name))('prisma/%s has the generated messaging tables', async (name) => {
  const files = Object.entries(await generateTableFiles('packages/messaging/sql', `prisma/${name}`));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const [file, text] of files) expect([file, readFileSync(file, 'utf8')]).toEqual([file, text]);
});

/** Databases in use have recorded these checksums. Add the checksum of each new migration when it is released. */
const released = {
  '20261120000000_messaging': '32a7f1264ef8710bdb65b527b0cabceffaea072a69e4bb60e327e29e430ebe4b',
  '20261127090000_messaging_confirmations': '37876fa5598181771a0a84f8549b47e4a586765bbc20cc6c06f127fc272a4f9e',
  '20261127100000_messaging_vacuum': 'cf1a2a84fd746ba89708ff642f58999e0bf365b1db0dc87af0aff64067362c6a',
  '20261127110000_messaging_open_events': '861b6c75add4c3aa32553b9d2ca07f270fb0b69e733c22fa226dfa72dea7d674',
};

test('no released migration of the messaging tables has changed', async () => {
  const migrations = await readTableMigrations('packages/messaging/sql');
  const checksums = migrations.map(({ name, sql }) => [name, createHash('sha256').update(sql).digest('hex')]);
  expect(Object.fromEntries(checksums)).toMatchObject(released);
});
