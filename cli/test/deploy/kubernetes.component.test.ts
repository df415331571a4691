import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { runCommand } from '../run-command.ts';
import { type Answer, createStandIns } from './stand-ins.ts';

let standIns: Awaited<ReturnType<typeof createStandIns>>;

beforeAll(async () => {
  standIns = await createStandIns(['kubectl']);
});
afterAll(() => standIns.remove());

const deploy = (...args: string[]) =>
  runCommand(['deploy', '--target', 'kubernetes', '--environment', 'staging', ...args], {
    env: { PATH: standIns.path },
  });

const image = 'ghcr.io/example/shop/app@sha256:abc';

/** The output of `kubectl kustomize` for a small overlay. */
const overlay = `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: nats, namespace: shop }
spec: { template: { spec: { containers: [{ name: nats, image: "nats:2.12" }] } } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: shop }
spec: { template: { spec: { containers: [{ name: migrate, image: "app:1" }] } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: backup, namespace: shop }
spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: backup, image: "app:1" }] } } } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway, namespace: shop }
spec: { template: { spec: { containers: [{ name: gateway, image: "app:1" }] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: worker, namespace: shop }
spec:
  template:
    spec:
      initContainers: [{ name: wait, image: "app:1" }]
      containers: [{ name: worker, image: "app:1" }]
`;

/** Deployments at these revisions, with a replica set for each revision and its image. */
function live(revisions: Readonly<Record<string, readonly string[]>>): string {
  const template = (app: string) => ({ template: { spec: { containers: [{ image: app }] } } });
  const annotations = (revision: number) => ({ 'deployment.kubernetes.io/revision': String(revision) });
  const items = Object.entries(revisions).flatMap(([name, images]) => [
    {
      kind: 'Deployment',
      metadata: { name, annotations: annotations(images.length) },
      spec: template(images.at(-1) ?? ''),
    },
    ...images.map((app, index) => ({
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${index}`,
        annotations: annotations(index + 1),
        ownerReferences: [{ kind: 'Deployment', name }],
      },
      spec: template(app),
    })),
  ]);
  return JSON.stringify({ items });
}

const job = (type: string) => JSON.stringify({ status: { conditions: [{ type, status: 'True' }] } });
const running: readonly Answer[] = [
  { when: 'kustomize', stdout: overlay },
  { when: 'get job migrate', stdout: job('Complete') },
  { when: 'get deployments,replicasets', stdout: live({ gateway: ['app:0'], worker: ['app:0'] }), once: true },
  { when: 'get deployments,replicasets', stdout: live({ gateway: ['app:0', 'app:1'], worker: ['app:0', 'app:1'] }) },
];

/** The calls without the namespace and the seconds of a timeout. */
const lines = async () =>
  (await standIns.calls()).map(({ line }) =>
    line.replace('--namespace shop ', '').replace(/--timeout=\d+s/, '--timeout'),
  );
/** The kinds and images of what was applied, by call. */
const applied = async () =>
  (await standIns.calls())
    .filter(({ line }) => line.includes(' apply '))
    .map(({ input }) =>
      parseAllDocuments(input).map((document) => document.toJS() as { kind: string; metadata: { name: string } }),
    )
    .map((objects) => objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`));

test('applies the surroundings, runs the job, and starts the release with the image', async () => {
  await standIns.prepare([{ when: 'get job migrate', stdout: '{"status":{}}', once: true }, ...running]);
  const { code, stderr, stdout } = await deploy('--image', image);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await lines()).toEqual([
    'kubectl kustomize deploy/kubernetes/overlays/staging',
    'kubectl apply --filename -',
    'kubectl rollout status statefulset/nats --timeout',
    'kubectl delete job migrate --ignore-not-found',
    'kubectl apply --filename -',
    'kubectl get job migrate --output json',
    'kubectl get job migrate --output json',
    'kubectl get deployments,replicasets --output json',
    'kubectl apply --filename -',
    'kubectl rollout status deployment/gateway --timeout',
    'kubectl rollout status deployment/worker --timeout',
  ]);
  expect(await applied()).toEqual([
    ['Namespace/shop', 'ConfigMap/settings', 'StatefulSet/nats', 'CronJob/backup'],
    ['Job/migrate'],
    ['Deployment/gateway', 'Deployment/worker'],
  ]);
  const texts = (await standIns.calls()).map(({ input }) => input).join('');
  expect(texts.match(/app@sha256:abc/g)).toHaveLength(5);
  expect(texts).not.toContain('app:1');
  expect(texts).toContain('nats:2.12');
  expect(stdout).toMatch(/staging is healthy\.\n$/);
});

test('changes no process when the job fails', async () => {
  await standIns.prepare([
    { when: 'get job migrate', stdout: job('Failed') },
    { when: 'logs job/migrate', stdout: 'column "name" does not exist' },
    ...running,
  ]);
  const { code, stderr, stdout } = await deploy();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'The job migrate failed. No process was changed: the release before still runs. Correct the cause, and deploy again.\n',
  });
  expect(stdout).toContain('column "name" does not exist');
  expect((await applied()).flat()).not.toContain('Deployment/gateway');
});

test('takes back what changed when the release does not become healthy', async () => {
  await standIns.prepare([
    { when: 'rollout status deployment/worker', once: true, stderr: 'timed out waiting for the condition', code: 1 },
    ...running.slice(0, 3),
    // The worker changed, and the gateway did not.
    { when: 'get deployments,replicasets', stdout: live({ gateway: ['app:0'], worker: ['app:0', 'app:1'] }) },
  ]);
  const { code, stderr } = await deploy('--image', image);
  expect(code).toBe(1);
  expect(stderr).toContain('timed out waiting for the condition\nThe release before runs again.\n');
  expect((await lines()).slice(-2)).toEqual([
    'kubectl rollout undo deployment/worker --to-revision=1',
    'kubectl rollout status deployment/worker --timeout',
  ]);
});

test('has nothing to go back to at the first deployment', async () => {
  await standIns.prepare([
    { when: 'rollout status deployment', stderr: 'timed out', code: 1 },
    { when: 'get deployments,replicasets', stdout: live({}), once: true },
    ...running,
  ]);
  expect(await deploy()).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no other release to go back to.') as unknown,
  });
  expect((await lines()).filter((line) => line.includes('undo'))).toEqual([]);
});

test('--rollback goes to the newest revision with another image', async () => {
  await standIns.prepare([
    // A change of the configuration of the worker made its third revision.
    {
      when: 'get deployments,replicasets',
      stdout: live({ gateway: ['app:0', 'app:1'], worker: ['app:0', 'app:1', 'app:1'] }),
    },
    ...running,
  ]);
  expect(await deploy('--rollback')).toMatchObject({ code: 0 });
  expect((await lines()).slice(2)).toEqual([
    'kubectl rollout undo deployment/gateway --to-revision=1',
    'kubectl rollout undo deployment/worker --to-revision=1',
    'kubectl rollout status deployment/gateway --timeout',
    'kubectl rollout status deployment/worker --timeout',
  ]);
  await standIns.prepare([{ when: 'get deployments,replicasets', stdout: live({ gateway: ['app:1'] }) }, ...running]);
  expect(await deploy('--rollback')).toMatchObject({
    code: 1,
    stderr: 'staging has no release before. Name an image with --image.\n',
  });
});

test('a dry run renders the manifests, prints each step, and asks no cluster', async () => {
  await standIns.prepare(running);
  const { code, stdout } = await deploy('--context', 'eu-1', '--dry-run');
  expect(code).toBe(0);
  expect(await lines()).toEqual(['kubectl kustomize deploy/kubernetes/overlays/staging']);
  expect(stdout.split('\n').filter((line) => line.startsWith('would '))).toEqual([
    'would apply configuration and servers (4 objects): kubectl --context eu-1 --namespace shop apply --filename -',
    'would wait until nats is healthy: kubectl --context eu-1 --namespace shop rollout status statefulset/nats --timeout=600s',
    'would delete the former job migrate: kubectl --context eu-1 --namespace shop delete job migrate --ignore-not-found',
    'would run the job migrate (1 objects): kubectl --context eu-1 --namespace shop apply --filename -',
    'would start the release (2 objects): kubectl --context eu-1 --namespace shop apply --filename -',
    'would wait until gateway is healthy: kubectl --context eu-1 --namespace shop rollout status deployment/gateway --timeout=600s',
    'would wait until worker is healthy: kubectl --context eu-1 --namespace shop rollout status deployment/worker --timeout=600s',
  ]);
});

test('rejects manifests without a gateway, and --rollback with an image', async () => {
  await standIns.prepare([{ when: 'kustomize', stdout: 'kind: ConfigMap\nmetadata: { name: x }\n' }]);
  expect(await deploy()).toMatchObject({
    code: 1,
    stderr: 'The manifests have no Deployment named "gateway" with a container.\n',
  });
  expect(await deploy('--rollback', '--image', image)).toMatchObject({ code: 2 });
  expect(await runCommand(['deploy', '--target', 'kubernetes', '--environment', 'moon'])).toMatchObject({ code: 2 });
});

test('deploy/deploy.sh passes its options on, from any directory', async () => {
  await standIns.prepare(running);
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [`${process.cwd()}/deploy/deploy.sh`, '--target', 'kubernetes', '--environment', 'staging', '--dry-run'],
    { cwd: '/', encoding: 'utf8', env: { ...process.env, PATH: `${standIns.path}:${process.env['PATH']}` } },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/Nothing was changed\.\n$/);
  expect(await lines()).toEqual(['kubectl kustomize deploy/kubernetes/overlays/staging']);
});
