import { findImage, type Manifest } from './manifests.ts';

/** An object as `kubectl get --output json` shows it. */
interface LiveObject extends Manifest {
  readonly metadata: Manifest['metadata'] & {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
}

/** The revision of each Deployment that runs, and the one of the release before. */
export interface Revisions {
  readonly current: number;
  /** The newest revision with another image. Undefined when there is none. */
  readonly before: number | undefined;
}

/**
 * Reads the revisions of all Deployments of a namespace. A change of the configuration makes a revision, too. So the release before is
 * the newest revision with another image.
 *
 * @param text the answer to `kubectl get deployments,replicasets --output json`
 */
export function readRevisions(text: string): ReadonlyMap<string, Revisions> {
  const { items } = JSON.parse(text) as { items: readonly LiveObject[] };
  return new Map(
    items
      .filter(({ kind }) => kind === 'Deployment')
      .map((deployment) => {
        const current = readRevision(deployment);
        const olderReleases = items
          .filter(({ kind, metadata }) => kind === 'ReplicaSet' && isOwnedBy(metadata.ownerReferences, deployment))
          .filter((replicaSet) => findImage(replicaSet) !== findImage(deployment))
          .map(readRevision)
          .filter((revision) => revision < current);
        const before = olderReleases.length === 0 ? undefined : Math.max(...olderReleases);
        return [deployment.metadata.name, { current, before }];
      }),
  );
}

function isOwnedBy(owners: LiveObject['metadata']['ownerReferences'], { metadata }: LiveObject): boolean {
  return owners?.some(({ kind, name }) => kind === 'Deployment' && name === metadata.name) ?? false;
}

function readRevision({ metadata }: LiveObject): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}
