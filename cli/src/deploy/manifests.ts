import { ExpectedError } from '@shop/process';
import { parseAllDocuments, stringify } from 'yaml';

interface Container {
  image?: string;
}

/** The members of an object of Kubernetes that a deployment reads. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly jobTemplate?: { readonly spec?: Manifest['spec'] };
    readonly template?: {
      readonly spec?: { readonly containers?: Container[]; readonly initContainers?: Container[] };
    };
  };
}

/** The objects of an overlay, by the step in which they are applied. */
export interface Manifests {
  readonly namespace: string | undefined;
  /** Applied first: configuration, servers, everything that is in no other group. */
  readonly surroundings: readonly Manifest[];
  readonly statefulSets: readonly Manifest[];
  /** They must complete before the new release starts. */
  readonly jobs: readonly Manifest[];
  /** The processes of the release. */
  readonly deployments: readonly Manifest[];
}

/** The image of this Deployment is the one of all programs of the project. */
const deploymentWithTheImage = 'gateway';

/**
 * Reads what `kubectl kustomize` printed.
 *
 * @param image replaces the project's image in every container
 * @throws ExpectedError when the gateway's Deployment is missing
 */
export function readManifests(text: string, image: string | undefined): Manifests {
  const all = parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
  const ofKind = (...kinds: readonly string[]) => all.filter(({ kind }) => kinds.includes(kind));
  const deployments = ofKind('Deployment');
  const gateway = deployments.find(({ metadata }) => metadata.name === deploymentWithTheImage);
  const [ours] = gateway === undefined ? [] : listContainers(gateway);
  if (ours?.image === undefined)
    throw new ExpectedError(`The manifests have no Deployment named "${deploymentWithTheImage}" with a container.`);
  if (image !== undefined) {
    const former = ours.image;
    for (const container of all.flatMap(listContainers)) if (container.image === former) container.image = image;
  }
  return {
    namespace: gateway?.metadata.namespace,
    surroundings: all.filter(({ kind }) => kind !== 'Deployment' && kind !== 'Job'),
    statefulSets: ofKind('StatefulSet'),
    jobs: ofKind('Job'),
    deployments,
  };
}

/** The containers of a workload; none for other objects. */
function listContainers({ spec }: Pick<Manifest, 'spec'>): Container[] {
  const pod = (spec?.jobTemplate?.spec ?? spec)?.template?.spec;
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
}

/** The image that the first container of a workload runs. */
export function findImage(manifest: Pick<Manifest, 'spec'>): string | undefined {
  return listContainers(manifest).at(-1)?.image;
}

/** The objects as text for `kubectl apply`. */
export function writeManifests(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => stringify(manifest)).join('---\n');
}
