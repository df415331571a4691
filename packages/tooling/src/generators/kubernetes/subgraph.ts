import {
  findConsumers,
  findMetricsPort,
  nameVariables,
  type ServiceDefinition,
  type ServiceName,
  serviceNames,
  services,
  tokenIssuer,
} from '@shop/contracts';
import { databaseVariable, describeDatabase, port, selectDatabase } from './database.ts';
import {
  appImage,
  componentLabel,
  containerSecurity,
  type KubernetesObject,
  nameLabel,
  podDefaults,
  podEnd,
  secretsName,
  secretVariable,
  temporaryFolder,
  variable,
} from './objects.ts';

/** The Secret with the access to the mail server. An operator makes it, where no mailbox is used. */
const mailSecret = 'mail';

/** The label of the pods that send mail. */
const sendsMailLabel = 'federated-commerce/sends-mail';

/** The label of the autoscalers of subgraphs that follow events. The component keda replaces them. */
const followsLabel = 'federated-commerce/follows-events';

/** The folder of the keys that sign access tokens. Kubernetes replaces the file when the Secret changes, and the service reads it again. */
const keysFolder = '/run/keys';

/** The ConfigMap with the settings of one process. Overlays merge their own settings into it. */
export const nameSettings = (name: string): string => `${name}-settings`;

/** Everything that a subgraph needs in the cluster: the process and its database. */
export function describeSubgraph(name: ServiceName): KubernetesObject[] {
  return [
    describeDeployment(name),
    describeService(name),
    describeAutoscaler(name),
    describeDisruptionBudget(name),
    describePolicy(name),
    ...describeDatabase(name),
  ];
}

const definitionOf = (name: ServiceName): ServiceDefinition => services[name];

/** `METRICS_PORT` of every process in the cluster. */
const METRICS_PORT = 9_464;

function describeDeployment(name: ServiceName): KubernetesObject {
  const { sendsMail = false } = definitionOf(name);
  const selector = { [nameLabel]: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { ...selector, [componentLabel]: 'subgraph' } },
    spec: {
      // The autoscaler decides about replicas.
      revisionHistoryLimit: 5,
      // Migrations may take minutes, and the pods of the new release wait for them.
      progressDeadlineSeconds: 1_800,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: { ...selector, [componentLabel]: 'subgraph', ...(sendsMail ? { [sendsMailLabel]: 'true' } : {}) },
        },
        spec: describePod(name),
      },
    },
  };
}

function describePod(name: ServiceName): object {
  const { sendsMail = false } = definitionOf(name);
  const isIssuer = name === tokenIssuer;
  const { mount, volume } = temporaryFolder;
  const keys = {
    name: 'access-token-keys',
    secret: {
      secretName: secretsName,
      defaultMode: 0o440,
      items: [{ key: 'ACCESS_TOKEN_KEY', path: 'access-token-keys.json' }],
    },
  };
  return {
    ...podDefaults,
    terminationGracePeriodSeconds: podEnd.terminationGracePeriodSeconds,
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { [nameLabel]: name } },
    })),
    initContainers: [
      {
        name: 'migrations',
        image: appImage,
        command: ['node', 'dist/shop.js', 'migrate', 'wait', '--service', name],
        env: [databaseVariable(name)],
        resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '384Mi' } },
        securityContext: containerSecurity,
        volumeMounts: [mount],
      },
    ],
    containers: [
      {
        name,
        image: appImage,
        command: ['node', `dist/${name}.js`],
        ports: [
          { name: 'http', containerPort: definitionOf(name).port },
          { name: 'metrics', containerPort: findMetricsPort(METRICS_PORT, name) },
        ],
        envFrom: [
          'settings',
          ...(isIssuer ? ['access-token-settings'] : []),
          ...(sendsMail ? ['mail-settings'] : []),
          nameSettings(name),
        ].map((map) => ({ configMapRef: { name: map } })),
        env: listVariables(name),
        startupProbe: { ...probe('/health/live'), periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: { ...probe('/health/ready'), periodSeconds: 5, failureThreshold: 2 },
        livenessProbe: { ...probe('/health/live'), periodSeconds: 10, failureThreshold: 3 },
        lifecycle: { preStop: { sleep: { seconds: podEnd.leaveSeconds } } },
        resources: { requests: { cpu: '250m', memory: '384Mi' }, limits: { memory: '768Mi' } },
        securityContext: containerSecurity,
        volumeMounts: [mount, ...(isIssuer ? [{ name: keys.name, mountPath: keysFolder, readOnly: true }] : [])],
      },
    ],
    volumes: [volume, ...(isIssuer ? [keys] : [])],
  };
}

/** Readiness asks the database, which may take 2 seconds. */
const probe = (path: string) => ({ httpGet: { path, port: 'http' }, timeoutSeconds: 3 });

function listVariables(name: ServiceName): object[] {
  const { sendsMail = false } = definitionOf(name);
  return [
    databaseVariable(name),
    ...listBrokerVariables(name),
    secretVariable('INTERNAL_TOKEN_JWKS', secretsName),
    ...(name === tokenIssuer
      ? [
          variable('ACCESS_TOKEN_KEYS_FILE', `${keysFolder}/access-token-keys.json`),
          secretVariable('FORMER_ADDRESS_KEY', secretsName),
        ]
      : []),
    ...(sendsMail
      ? [
          secretVariable('SMTP_URL', mailSecret),
          secretVariable('DKIM_PRIVATE_KEY', mailSecret, undefined, { optional: true }),
        ]
      : []),
  ];
}

/** Kubernetes puts the password into the URL. It has letters and digits only. */
function listBrokerVariables(name: ServiceName): object[] {
  const { natsPassword } = nameVariables(name);
  return [
    secretVariable(natsPassword, secretsName),
    variable('NATS_URL', `nats://${name}:$(${natsPassword})@nats:4222`),
    // One on each server of nats.yaml.
    variable('NATS_REPLICAS', '3'),
  ];
}

/** Without an address of its own, its name means the address of each ready pod: the gateway balances between them. */
function describeService(name: ServiceName): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { [nameLabel]: name } },
    spec: {
      clusterIP: 'None',
      selector: { [nameLabel]: name },
      ports: [{ name: 'http', port: definitionOf(name).port, targetPort: 'http' }],
    },
  };
}

function describeAutoscaler(name: ServiceName): KubernetesObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, labels: findConsumers(name).length > 0 ? { [followsLabel]: 'true' } : {} },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    },
  };
}

function describeDisruptionBudget(name: ServiceName): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { maxUnavailable: 1, selector: { matchLabels: { [nameLabel]: name } } },
  };
}

/** The mail server is outside, at an address that nobody knows here. */
const mailPorts = [25, 465, 587];

function describePolicy(name: ServiceName): KubernetesObject {
  const { sendsMail = false } = definitionOf(name);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: {
      podSelector: { matchLabels: { [nameLabel]: name } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { [nameLabel]: 'gateway' } } }],
          ports: [port(definitionOf(name).port)],
        },
      ],
      egress: [
        { to: [selectDatabase(name)], ports: [port(5432)] },
        { to: [{ podSelector: { matchLabels: { [nameLabel]: 'nats' } } }], ports: [port(4222)] },
        ...(sendsMail ? [{ ports: mailPorts.map(port) }] : []),
      ],
    },
  };
}

/** The policy that lets the gateway call each subgraph on its port. */
export function describeGatewayPolicy(): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'gateway-to-subgraphs' },
    spec: {
      podSelector: { matchLabels: { [nameLabel]: 'gateway' } },
      policyTypes: ['Egress'],
      egress: serviceNames.map((name) => ({
        to: [{ podSelector: { matchLabels: { [nameLabel]: name } } }],
        ports: [port(definitionOf(name).port)],
      })),
    },
  };
}
