import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { adopt, findAdopted, isAdopting } from './adopted-connection.ts';
import { TransactionEndedError } from './open-transaction.ts';

const ended = {
  requireConnection: () => {
    throw new TransactionEndedError();
  },
};

test('work is adopted in all that it awaits, and other work is not', async () => {
  const other = Promise.resolve().then(isAdopting);
  await adopt(ended, async () => {
    await Promise.resolve();
    expect(isAdopting()).toBe(true);
    expect(findAdopted).toThrow(TransactionEndedError);
  });
  expect([await other, isAdopting(), findAdopted()]).toEqual([false, false, undefined]);
});

test('the end of one adoption leaves others adopted', async () => {
  let finish = (): void => {};
  const waiting = new Promise<void>((resolve) => (finish = resolve));
  const long = adopt(ended, async () => {
    await waiting;
    return isAdopting();
  });
  await adopt(ended, async () => {});
  finish();
  expect(await long).toBe(true);
});

// In a process of its own, since Jest has hooks too.
test('afterwards, promises have no hooks, which would make each one of a process cost more', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { executionAsyncId } from 'node:async_hooks';
        import { adopt } from './adopted-connection.ts';
        // Hooks give each continuation an id of its own.
        const findId = () => Promise.resolve().then(executionAsyncId);
        await adopt({}, async () => {});
        console.log(await findId() === await findId());`,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const program = outputFiles[0]?.text ?? '';
  expect(execFileSync(process.execPath, ['--input-type=module'], { input: program, encoding: 'utf8' })).toBe('true\n');
});
