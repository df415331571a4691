import { setTimeout as pause } from 'node:timers/promises';
import { ExpectedError } from '@shop/process';
import { type Manifest, type Manifests, readManifests, writeManifests } from './manifests.ts';
import type { DeployOptions } from './options.ts';
import { readRevisions, type Revisions } from './revisions.ts';
import { CommandFailed, type ExternalCommand, type Steps } from './steps.ts';

export interface KubernetesOptions extends DeployOptions {
  /** The context of kubectl's configuration. Default: the current one. */
  readonly context?: string | undefined;
  /** Milliseconds between two questions whether a Job is done. Default: 2,000. */
  readonly pollMs?: number;
}

/**
 * Deploys an overlay with kubectl: configuration and servers, then the Jobs, then the processes. A Job that fails stops the deployment
 * before any process changes. Processes that do not become healthy go back to their revision from before.
 *
 * @throws ExpectedError when the new release does not become healthy; it says which release runs
 */
export async function deployToKubernetes(steps: Steps, options: KubernetesOptions): Promise<void> {
  const cluster = await openCluster(steps, options);
  const { manifests } = cluster;
  await cluster.apply('apply configuration and servers', manifests.surroundings);
  await cluster.waitUntilHealthy('statefulset', manifests.statefulSets);
  for (const job of manifests.jobs) await cluster.runJob(job);
  // After the Jobs, since a namespace of a first deployment exists only now.
  const before = await cluster.readRevisions();
  try {
    await cluster.apply('start the release', manifests.deployments);
    await cluster.waitUntilHealthy('deployment', manifests.deployments);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    await steps.explain(cluster.kubectl(['get', 'pods', '--output', 'wide']));
    await goBack(cluster, before, error);
  }
}

/**
 * Brings all processes back to the release before the one that runs.
 *
 * @throws ExpectedError when there is none, or when it does not become healthy
 */
export async function rollBackKubernetes(steps: Steps, options: KubernetesOptions): Promise<void> {
  const cluster = await openCluster(steps, options);
  const revisions = await cluster.readRevisions();
  const { deployments } = cluster.manifests;
  const wanted = deployments.filter(({ metadata }) => revisions.get(metadata.name)?.before !== undefined);
  if (wanted.length === 0 && !steps.isDryRun)
    throw new ExpectedError(`${options.environment} has no release before. Name an image with --image.`);
  for (const { metadata } of steps.isDryRun ? deployments : wanted)
    await cluster.undo(metadata.name, revisions.get(metadata.name)?.before);
  await cluster.waitUntilHealthy('deployment', wanted);
}

/** Undoes the changes of this deployment alone: a Deployment that did not change stays. */
async function goBack(cluster: Cluster, before: ReadonlyMap<string, Revisions>, reason: Error): Promise<never> {
  const now = await cluster.readRevisions();
  const changed = cluster.manifests.deployments.filter(
    ({ metadata: { name } }) => before.has(name) && before.get(name)?.current !== now.get(name)?.current,
  );
  const failed = `The new release did not become healthy: ${reason.message}`;
  if (changed.length === 0)
    throw new ExpectedError(`${failed}\nThere is no other release to go back to. Correct the cause, and deploy again.`);
  try {
    for (const { metadata } of changed) await cluster.undo(metadata.name, before.get(metadata.name)?.current);
    await cluster.waitUntilHealthy('deployment', changed);
  } catch (error) {
    throw new ExpectedError(`${failed}\nGoing back failed, too: ${(error as Error).message}`);
  }
  throw new ExpectedError(`${failed}\nThe release before runs again.`);
}

interface Cluster {
  readonly manifests: Manifests;
  kubectl(args: readonly string[], input?: string): ExternalCommand;
  apply(purpose: string, manifests: readonly Manifest[]): Promise<void>;
  /** Starts a Job anew, and waits until it is complete. */
  runJob(job: Manifest): Promise<void>;
  readRevisions(): Promise<ReadonlyMap<string, Revisions>>;
  undo(deployment: string, revision: number | undefined): Promise<void>;
  waitUntilHealthy(kind: 'deployment' | 'statefulset', manifests: readonly Manifest[]): Promise<void>;
}

async function openCluster(steps: Steps, options: KubernetesOptions): Promise<Cluster> {
  const { environment, context, timeoutSeconds, pollMs = 2_000 } = options;
  const overlay = `deploy/kubernetes/overlays/${environment}`;
  const rendered = await steps.read('render the manifests', { argv: ['kubectl', 'kustomize', overlay] });
  const manifests = readManifests(rendered, options.image);
  const { namespace } = manifests;
  const place = [
    ...(context === undefined ? [] : ['--context', context]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
  ];
  const kubectl = (args: readonly string[], input?: string): ExternalCommand => ({
    argv: ['kubectl', ...place, ...args],
    ...(input === undefined ? {} : { input }),
  });
  const deadline = performance.now() + timeoutSeconds * 1_000;
  const apply = async (purpose: string, objects: readonly Manifest[]) => {
    if (objects.length === 0) return;
    await steps.change(
      `${purpose} (${objects.length} objects)`,
      kubectl(['apply', '--filename', '-'], writeManifests(objects)),
    );
  };

  return {
    manifests,
    kubectl,
    apply,
    async runJob(job) {
      const { name } = job.metadata;
      // A Job cannot be changed, so the one of the release before is deleted.
      await steps.change(`delete the former job ${name}`, kubectl(['delete', 'job', name, '--ignore-not-found']));
      await apply(`run the job ${name}`, [job]);
      if (steps.isDryRun) return;
      const outcome = await waitForJob(
        () => steps.read(`wait for the job ${name}`, kubectl(['get', 'job', name, '--output', 'json'])),
        deadline,
        pollMs,
      );
      if (outcome === 'Complete') return;
      await steps.explain(kubectl(['logs', `job/${name}`, '--tail', '50']));
      throw new ExpectedError(
        `The job ${name} ${outcome === 'Failed' ? 'failed' : `did not end within ${timeoutSeconds} seconds`}. ` +
          'No process was changed: the release before still runs. Correct the cause, and deploy again.',
      );
    },
    async readRevisions() {
      if (steps.isDryRun) return new Map();
      return readRevisions(
        await steps.read('read the revisions', kubectl(['get', 'deployments,replicasets', '--output', 'json'])),
      );
    },
    async undo(name, revision) {
      const to = revision === undefined ? [] : [`--to-revision=${revision}`];
      await steps.change(`take back ${name}`, kubectl(['rollout', 'undo', `deployment/${name}`, ...to]));
    },
    async waitUntilHealthy(kind, objects) {
      for (const { metadata } of objects) {
        // Going back after a timeout needs time of its own.
        const seconds = Math.max(60, Math.ceil((deadline - performance.now()) / 1_000));
        await steps.change(
          `wait until ${metadata.name} is healthy`,
          kubectl([
            'rollout',
            'status',
            `${kind}/${metadata.name}`,
            `--timeout=${steps.isDryRun ? timeoutSeconds : seconds}s`,
          ]),
        );
      }
    },
  };
}

/** Waits for the end of a Job. `kubectl wait` would wait in vain for the completion of one that failed. */
async function waitForJob(
  read: () => Promise<string>,
  deadline: number,
  pollMs: number,
): Promise<'Complete' | 'Failed' | 'late'> {
  for (;;) {
    const job = JSON.parse(await read()) as { status?: { conditions?: { type: string; status: string }[] } };
    const ended = job.status?.conditions?.find(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    );
    if (ended !== undefined) return ended.type as 'Complete' | 'Failed';
    if (performance.now() >= deadline) return 'late';
    await pause(pollMs);
  }
}
