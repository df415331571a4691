import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';

/** The code of a service, for a bundle that runs in its own process. It prints `up` when the start is complete. */
const programs: Record<string, string> = {
  steady: `
    lifetime.onStop('first', () => console.log('stop first'));
    lifetime.onStop('second', async () => { await new Promise((resolve) => setTimeout(resolve, 20)); console.log('stop second'); });`,
  task: `lifetime.onStop('first', () => console.log('stop first')); console.log('up'); return 'done';`,
  broken: `throw new Error('the database does not answer', { cause: new Error('connect ECONNREFUSED') });`,
  careless: `
    lifetime.onStop('first', () => console.log('stop first'));
    setTimeout(() => { void Promise.reject(new Error('nobody waits for me')); }, 10);`,
  stuck: `lifetime.onStop('stuck', () => new Promise((resolve) => setTimeout(resolve, 60_000)));`,
  unclean: `lifetime.onStop('first', () => console.log('stop first')); lifetime.onStop('bad', () => { throw new Error('no'); });`,
};

let directory: string;
beforeAll(async () => {
  // Inside the project, so that packages which are not bundled are found in its node_modules.
  mkdirSync('.cache', { recursive: true });
  directory = mkdtempSync(path.resolve('.cache', 'run-service-'));
  await Promise.all(
    Object.entries(programs).map(([name, body]) =>
      esbuild.build({
        stdin: {
          contents: `import { runService } from './packages/process/src/lifecycle/run-service.ts';
            setInterval(() => undefined, 1_000);
            runService('${name}', async (lifetime) => { ${body} console.log('up'); });`,
          resolveDir: process.cwd(),
          loader: 'ts',
        },
        outfile: path.join(directory, `${name}.mjs`),
        bundle: true,
        packages: 'external',
        platform: 'node',
        format: 'esm',
      }),
    ),
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a program, calls a function once it is up, and waits for its end. */
async function run(name: string, onceUp: (child: ChildProcess) => void = () => undefined) {
  const child = fork(path.join(directory, `${name}.mjs`), { silent: true });
  let output = '';
  let errors = '';
  let isUp = false;
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
    if (isUp || !/^up$/m.test(output)) return;
    isUp = true;
    onceUp(child);
  });
  child.stderr?.on('data', (chunk) => (errors += String(chunk)));
  // Not the event 'close': it does not come after disconnect().
  const ended = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'end'));
  const [[code]] = (await Promise.all([once(child, 'exit'), ...ended])) as [[number]];
  return { code, errors, output, stops: output.split('\n').filter((line) => line.startsWith('stop ')) };
}

test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('%s stops the parts in reverse and ends with 0', async (signal) => {
  const { code, stops, errors } = await run('steady', (child) => child.kill(signal));
  expect({ code, stops, errors }).toEqual({ code: 0, stops: ['stop second', 'stop first'], errors: '' });
});

test('the loss of the supervisor does the same', async () => {
  const { code, stops } = await run('steady', (child) => child.disconnect());
  expect({ code, stops }).toEqual({ code: 0, stops: ['stop second', 'stop first'] });
});

test('a process with one task ends when the task is done', async () => {
  expect(await run('task')).toEqual({ code: 0, stops: ['stop first'], errors: '', output: 'up\nstop first\n' });
});

test('a start error is one clear line', async () => {
  const { code, errors, output } = await run('broken');
  expect({ code, errors, output }).toEqual({
    code: 1,
    errors: 'broken could not start: the database does not answer: connect ECONNREFUSED\n',
    output: '',
  });
});

test('an unhandled rejection is logged with its stack, and stops the other parts', async () => {
  const { code, stops, output } = await run('careless');
  expect({ code, stops }).toEqual({ code: 1, stops: ['stop first'] });
  expect(output).toMatch(/"level":"fatal".*nobody waits for me.*unhandled rejection/);
});

test('a second signal ends the process at once', async () => {
  const { code } = await run('stuck', (child) => {
    child.kill('SIGTERM');
    child.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('stopping')) child.kill('SIGTERM');
    });
  });
  expect(code).toBe(130);
});

test('a part that fails to stop is logged, the others are stopped, and the exit code is not 0', async () => {
  const { code, stops, output } = await run('unclean', (child) => child.kill('SIGTERM'));
  expect({ code, stops }).toEqual({ code: 1, stops: ['stop first'] });
  expect(output).toContain('could not be stopped cleanly');
});
