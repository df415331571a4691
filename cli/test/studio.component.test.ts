import { randomUUID } from 'node:crypto';
import { nameVariables } from '@shop/contracts';
import { eventually, startTestDatabase } from '@shop/testing';
import { runShop } from '../src/command-line/run-shop.ts';
import { runCommand } from './run-command.ts';

test('shows the rows of a database until it is stopped', async () => {
  const database = await startTestDatabase('user');
  const stopped = new AbortController();
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const terminal = { print: note, note, progress: () => {}, finish: () => {} };
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    [nameVariables('user').databaseUrl]: database.url,
  };
  const running = runShop(['studio', 'user'], { terminal, env, root: process.cwd(), signal: stopped.signal });
  try {
    const url = await eventually(
      () => {
        const [, found] = /Prisma Studio of user: (http:\S+)$/m.exec(lines.join('\n')) ?? [];
        expect(lines).not.toContainEqual(expect.stringContaining('did not start'));
        expect(found).toBeDefined();
        return found!;
      },
      { timeoutMs: 150_000 },
    );
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/studio.css');
  } finally {
    stopped.abort();
    expect(await running).toBe(130);
    await database.stop();
  }
}, 240_000);

test('says what to do when it cannot start', async () => {
  const unreachable = await runCommand(['studio', 'user'], {
    env: { USER_DATABASE_URL: `postgres://shop@127.0.0.1:1/${randomUUID()}` },
  });
  expect(unreachable).toMatchObject({ code: 3, stdout: '' });
  expect(unreachable.stderr).toContain('The database of user cannot be reached');
  expect(await runCommand(['studio', 'cart'])).toMatchObject({ code: 2, stdout: '' });
});
