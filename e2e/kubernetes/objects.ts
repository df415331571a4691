import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

/** A part of an object, as the checks read it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a schema has checked its form before
export type Part = any;

/** A Kubernetes object. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Part;
  readonly spec?: Part;
  readonly data?: Part;
  readonly [section: string]: Part;
}

/** A pod that the manifests lead to, with the object that makes it. */
export interface Pod {
  readonly owner: string;
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Without the pods that the operator of the databases makes. */
  readonly spec?: Part;
  /** The ports on which it listens, by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** The first release of kubectl whose Kustomize has all that the manifests use. */
const leastMinor = 28;

/** True when there is a kubectl that can build the manifests. */
export function hasKubectl(): boolean {
  const { stdout } = spawnSync('kubectl', ['version', '--client', '--output=json'], { encoding: 'utf8' });
  const minor = /"minor":\s*"(\d+)/.exec(stdout ?? '')?.[1];
  return Number(minor ?? 0) >= leastMinor;
}

/** Builds an overlay. @throws Error with kubectl's message */
export async function build(folder: string): Promise<Manifest[]> {
  const { stdout } = await promisify(execFile)('kubectl', ['kustomize', folder], { maxBuffer: 32 << 20 });
  return read(stdout);
}

/** The objects of a file with YAML documents. */
export const read = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

export const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

const podTemplate: Readonly<Record<string, (spec: Part) => Part>> = {
  Deployment: (spec) => spec.template,
  StatefulSet: (spec) => spec.template,
  Job: (spec) => spec.template,
  CronJob: (spec) => spec.jobTemplate.spec.template,
};

/** The pods of all objects. CloudNativePG gives its pods the name of their cluster as a label. */
export function listPods(objects: readonly Manifest[]): Pod[] {
  return objects.flatMap((object): Pod[] => {
    if (object.kind === 'Cluster')
      return [
        {
          owner: nameOf(object),
          kind: object.kind,
          labels: { 'cnpg.io/cluster': object.metadata.name, ...object.spec.inheritedMetadata?.labels },
          ports: { postgres: 5432, status: 8000, metrics: 9187 },
        },
      ];
    const template = podTemplate[object.kind]?.(object.spec);
    if (template === undefined) return [];
    const ports = listContainers(template.spec).flatMap((container) => container.ports ?? []);
    return [
      {
        owner: nameOf(object),
        kind: object.kind,
        labels: template.metadata.labels,
        spec: template.spec,
        ports: Object.fromEntries(ports.map((port: Part) => [port.name, port.containerPort])),
      },
    ];
  });
}

/** The containers of a pod, with those that run before the others. */
export const listContainers = (spec: Part): Part[] => [...(spec.initContainers ?? []), ...spec.containers];

/** True when a label selector matches labels. */
export function matches(selector: Part, labels: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    pairs &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }: Part) => {
      if (operator !== 'In') throw new Error(`The check does not know the operator ${operator}.`);
      return values.includes(labels[key]);
    })
  );
}
