import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLogFile } from '../src/process/log-file.ts';
import { temporaryDirectory } from './project.ts';

test('a log does not exceed its limit: one older file is kept', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory.path, 'order.log');
  const log = openLogFile(file, 100);
  for (let line = 1; line <= 30; line += 1) log.write(`line ${line}`);
  log.close();
  const [current, previous] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.1`, 'utf8')]);
  expect(`${previous}${current}`).toMatch(/line 29\nline 30\n$/);
  for (const text of [current, previous]) expect(text.length).toBeLessThanOrEqual(100);

  const again = openLogFile(file, 100);
  again.write('after a restart');
  again.close();
  expect(await readFile(file, 'utf8')).toMatch(/line 30\nafter a restart\n$/);
  await directory.remove();
});
