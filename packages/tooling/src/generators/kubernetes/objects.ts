/** A Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [section: string]: unknown;
}

/** The image of all processes. Overlays give it a registry and a version with `images`. */
export const appImage = 'federated-commerce';

/** The Secret that has the passwords and keys of all processes. `npm run secrets -- --kubernetes` makes it. */
export const secretsName = 'shop-secrets';

/** The label that names a workload. Services, network policies and budgets select by it. */
export const nameLabel = 'app.kubernetes.io/name';

/** The label that groups workloads with the same rights in the network. */
export const componentLabel = 'app.kubernetes.io/component';

/** Seconds that a process may take to stop, as `runService` grants them, and 5 for the end of the container. */
const stopSeconds = 20;

/**
 * Seconds for which a pod of a subgraph still works after it was told to end. The gateway looks the addresses of a
 * subgraph up every 10 seconds, and the cluster's DNS keeps an answer for 5.
 */
const leaveSeconds = 15;

/** How a pod ends: it leaves the addresses of its Service first, and stops then. */
export const podEnd = { leaveSeconds, terminationGracePeriodSeconds: leaveSeconds + stopSeconds } as const;

/** The settings that the standard `restricted` of Kubernetes demands of a pod. 1000 is the user `node` of the image. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** The same for a container. */
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** A folder for temporary files, since the file system of the image is read-only. */
export const temporaryFolder = {
  volume: { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  mount: { name: 'tmp', mountPath: '/tmp' },
} as const;

/** The settings of a pod that every workload of the project has. */
export const podDefaults = {
  automountServiceAccountToken: false,
  // Kubernetes would set variables such as <NAME>_PORT for each Service, and a process would read them as its own.
  enableServiceLinks: false,
  securityContext: podSecurity,
} as const;

/** An environment variable with a value. */
export const variable = (name: string, value: string) => ({ name, value });

/** An environment variable from a key of a Secret. */
export const secretVariable = (name: string, secret: string, key = name, options: { optional?: true } = {}) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key, ...options } },
});

/** An environment variable from a key of a ConfigMap. */
export const configVariable = (name: string, map: string) => ({
  name,
  valueFrom: { configMapKeyRef: { name: map, key: name } },
});
