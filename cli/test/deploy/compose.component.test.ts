import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../run-command.ts';
import { createStandIns } from './stand-ins.ts';

const root = mkdtempSync(path.join(tmpdir(), 'deploy-'));
let standIns: Awaited<ReturnType<typeof createStandIns>>;

beforeAll(async () => {
  writeFileSync(path.join(root, '.env.staging'), '');
  standIns = await createStandIns(['docker']);
});
afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await standIns.remove();
});

const deploy = (...args: string[]) =>
  runCommand(['deploy', '--target', 'compose', '--environment', 'staging', ...args], {
    env: { PATH: standIns.path },
    root,
  });

const image = 'ghcr.io/example/shop/app:2';
const base = 'docker compose --env-file .env.staging --project-name federated-commerce-staging';
const start = `${base} up --detach --no-build --remove-orphans --wait --wait-timeout 600`;

/** A machine on which the gateway runs the image `sha256:old`, and the image to deploy is `sha256:new`. */
const running = [
  { when: ' ps --quiet gateway', stdout: 'container1\ncontainer2\n' },
  { when: '{{.Image}} container1', stdout: 'sha256:old\n' },
  { when: '{{.Id}} federated-commerce:before-staging', stdout: 'sha256:old\n' },
  { when: '{{.Id}}', stdout: 'sha256:new\n' },
];

const lines = async () =>
  (await standIns.calls()).map(({ line, image: used }) => (used === ' ()' ? line : `${used} ${line}`));

test('pulls the image, keeps the one before, and waits until the new one is healthy', async () => {
  await standIns.prepare(running);
  const { code, stdout, stderr } = await deploy('--image', image);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await lines()).toEqual([
    `${base} config --quiet`,
    `${base} ps --quiet gateway`,
    'docker inspect --format {{.Image}} container1',
    `docker pull --quiet ${image}`,
    `docker inspect --format {{.Id}} ${image}`,
    'docker tag sha256:old federated-commerce:before-staging',
    `${image} (never) ${start}`,
  ]);
  expect(stdout).toContain(
    `start the release, and wait until it is healthy: APP_IMAGE=${image} APP_PULL_POLICY=never ${start}`,
  );
  expect(stdout).toMatch(/staging is healthy\.\n$/);
});

test('builds an image of the environment when none is named', async () => {
  await standIns.prepare();
  expect(await deploy('--timeout', '30')).toMatchObject({ code: 0 });
  expect((await lines()).slice(2)).toEqual([
    `federated-commerce:staging (never) ${base} build`,
    'docker inspect --format {{.Id}} federated-commerce:staging',
    `federated-commerce:staging (never) ${start.replace('600', '30')}`,
  ]);
});

test('keeps the image before when the same one is deployed again', async () => {
  await standIns.prepare([{ when: '{{.Id}}', stdout: 'sha256:old\n' }, ...running]);
  expect(await deploy('--image', image)).toMatchObject({ code: 0 });
  expect((await lines()).filter((line) => line.includes('docker tag'))).toEqual([]);
});

test('starts the image before again when the new one does not become healthy', async () => {
  await standIns.prepare([
    { when: ' up ', once: true, stderr: 'container gateway is unhealthy\n', code: 1 },
    { when: ' logs ', stdout: 'gateway | NATS_URL is missing\n' },
    ...running,
  ]);
  const { code, stdout, stderr } = await deploy('--image', image);
  expect(code).toBe(1);
  expect(stderr).toContain('The new release did not become healthy');
  expect(stderr).toContain('container gateway is unhealthy\nThe release before runs again.\n');
  expect(stdout).toContain('gateway | NATS_URL is missing');
  expect((await lines()).at(-1)).toBe(`federated-commerce:before-staging (never) ${start}`);
});

test('says so when going back fails, too, and when there is nothing to go back to', async () => {
  await standIns.prepare([{ when: ' up ', stderr: 'no space left\n', code: 1 }, ...running]);
  expect(await deploy('--image', image)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Going back failed, too') as unknown,
  });
  await standIns.prepare([{ when: ' up ', stderr: 'unhealthy\n', code: 1 }]);
  expect(await deploy('--image', image)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no other release to go back to.') as unknown,
  });
  expect((await lines()).filter((line) => line.includes(' up '))).toHaveLength(1);
});

test('stops before it changes anything when the image cannot be pulled or the file is wrong', async () => {
  for (const when of [' pull ', ' config ']) {
    await standIns.prepare([{ when, stderr: 'denied', code: 18 }, ...running]);
    expect(await deploy('--image', image)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('failed with 18: denied') as unknown,
    });
    expect((await lines()).filter((line) => / up | tag /.test(line))).toEqual([]);
  }
});

test('--rollback starts the image before', async () => {
  await standIns.prepare(running);
  expect(await deploy('--rollback')).toMatchObject({ code: 0 });
  expect((await lines()).at(-1)).toBe(`federated-commerce:before-staging (never) ${start}`);
  await standIns.prepare([{ when: '{{.Id}}', stderr: 'no such object', code: 1 }]);
  expect(await deploy('--rollback')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      'There is no release before: the image federated-commerce:before-staging',
    ) as unknown,
  });
});

test('a dry run checks the file, prints each step, and changes nothing', async () => {
  await standIns.prepare(running);
  const { code, stdout } = await deploy('--image', image, '--dry-run');
  expect(code).toBe(0);
  expect(await lines()).toEqual([`${base} config --quiet`]);
  expect(stdout).toContain(`would pull the image: docker pull --quiet ${image}\n`);
  expect(stdout).toContain('would start the release, and wait until it is healthy: ');
  expect(stdout).toMatch(/Nothing was changed\.\n$/);
});

test('names what is missing', async () => {
  await standIns.prepare();
  expect(
    await runCommand(['deploy', '--target', 'compose', '--environment', 'production'], {
      env: { PATH: standIns.path },
      root,
    }),
  ).toMatchObject({
    code: 3,
    stderr: '.env.production is missing. Write it once with: npm run secrets -- --output .env.production\n',
  });
  expect(
    await runCommand(['deploy', '--target', 'compose', '--environment', 'staging'], { env: { PATH: root }, root }),
  ).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('docker was not found. Install Docker Engine') as unknown,
  });
});
