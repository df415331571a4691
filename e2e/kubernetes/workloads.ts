import fastify from 'fastify';
import { addHealthRoutes, createLogger, hardExitMs } from '@shop/process';
import { type Manifest, listContainers, listPods, matches, nameOf, type Part } from './objects.ts';

/** The health routes of every process, as it adds them itself. */
function createHealthRoutes() {
  const app = fastify();
  addHealthRoutes(app, { checks: {}, logger: createLogger({ service: 'test', level: 'silent' }) });
  return app;
}

/** The mistakes in pods: what `restricted` forbids, missing resources, probes of no route, too little time to stop. */
export function findPodErrors(objects: readonly Manifest[]): string[] {
  const routes = createHealthRoutes();
  return listPods(objects).flatMap(({ owner, kind, spec, ports }) => {
    if (spec === undefined) return [];
    const runsOn = kind === 'Deployment' || kind === 'StatefulSet';
    const errors: (string | false)[] = [
      spec.automountServiceAccountToken !== false && 'mounts a token of the cluster',
      spec.enableServiceLinks !== false && 'gets variables of the Services, which the process would read as its own',
      spec.securityContext?.runAsNonRoot !== true && 'may run as root',
      spec.securityContext?.seccompProfile?.type !== 'RuntimeDefault' && 'has no seccomp profile',
      kind === 'Deployment' &&
        runsOn &&
        owner !== 'Deployment/mailbox' &&
        !spec.topologySpreadConstraints &&
        'is not spread',
    ];
    const ofContainers = listContainers(spec).flatMap((container: Part) => {
      const { securityContext = {}, resources = {}, volumeMounts = [] } = container;
      const volumes = (spec.volumes ?? []).map((volume: Part) => volume.name);
      const claims = objects.find((object) => nameOf(object) === owner)?.spec.volumeClaimTemplates ?? [];
      const known = [...volumes, ...claims.map(({ metadata }: Part) => metadata.name)];
      return [
        securityContext.allowPrivilegeEscalation !== false && 'may get more privileges',
        securityContext.readOnlyRootFilesystem !== true && 'may write to its image',
        JSON.stringify(securityContext.capabilities?.drop) !== '["ALL"]' && 'has capabilities',
        !(resources.requests?.cpu && resources.requests?.memory && resources.limits?.memory) && 'lacks resources',
        !/[:@]/.test(container.image) && 'has an image without a version',
        /:latest$/.test(container.image) && 'has the image latest',
        ...volumeMounts.map(({ name }: Part) => !known.includes(name) && `mounts ${name}, which does not exist`),
      ]
        .filter(Boolean)
        .map((text) => `${container.name} ${text}`);
    });
    const ofProbes = !runsOn
      ? []
      : spec.containers
          .filter(({ name }: Part) => name !== 'metrics')
          .flatMap((container: Part) =>
            (['startupProbe', 'readinessProbe', 'livenessProbe'] as const).map((name) => {
              const probe = container[name]?.httpGet;
              if (probe === undefined) return `${container.name} has no ${name}`;
              if (ports[probe.port] === undefined) return `${name} asks the port ${probe.port}, which does not exist`;
              const isOurs = container.command?.[0] === 'node';
              const exists = isOurs
                ? routes.hasRoute({ method: 'GET', url: probe.path })
                : /^\/healthz\?/.test(probe.path);
              return exists ? '' : `${name} asks ${probe.path}, which does not exist`;
            }),
          )
          .filter(Boolean);
    return [...errors, ...ofContainers, ...ofProbes, ...findEndErrors(kind, spec)]
      .filter(Boolean)
      .map((text) => `${owner} ${text}`);
  });
}

/** A process of ours takes up to `hardExitMs` to stop, after the pause in which it leaves the addresses of its Service. */
function findEndErrors(kind: string, spec: Part): string[] {
  const [main] = spec.containers;
  if (kind !== 'Deployment' || main.command?.[0] !== 'node') return [];
  const needed = (main.lifecycle?.preStop?.sleep?.seconds ?? 0) + hardExitMs / 1_000;
  const given = spec.terminationGracePeriodSeconds;
  return given > needed ? [] : [`is killed after ${given} s, and may need ${needed} s to stop`];
}

/** The label by which CloudNativePG marks the pod of one server. */
const instanceLabel = 'cnpg.io/instanceName';

/** The names that CloudNativePG gives the servers of a cluster. */
const listInstances = (cluster?: Manifest): string[] =>
  Array.from({ length: cluster?.spec.instances ?? 0 }, (_, index) => `${cluster?.metadata.name}-${index + 1}`);

/** The references that lead nowhere: selectors without pods, ports and objects that do not exist. */
export function findReferenceErrors(objects: readonly Manifest[], outside: readonly string[]): string[] {
  const pods = listPods(objects);
  const names = new Set([...objects.map(nameOf), ...outside]);
  const select = (selector: Part) => pods.filter(({ labels }) => matches(selector, labels));
  return objects.flatMap((object) => {
    const { kind, spec } = object;
    const errors: (string | false)[] = [];
    if (kind === 'Deployment' || kind === 'StatefulSet')
      errors.push(!matches(spec.selector, spec.template.metadata.labels) && 'does not select its own pods');
    if (kind === 'StatefulSet')
      errors.push(!names.has(`Service/${spec.serviceName}`) && `has no Service ${spec.serviceName}`);
    if (kind === 'Service') {
      const { [instanceLabel]: instance, ...selector } = spec.selector;
      const found = select({ matchLabels: selector });
      errors.push(found.length !== 1 && `selects ${found.length} workloads`);
      const instances = found.flatMap(({ owner }) => listInstances(objects.find((one) => nameOf(one) === owner)));
      errors.push(instance !== undefined && !instances.includes(instance) && `selects no instance ${instance}`);
      for (const { targetPort } of spec.ports)
        errors.push(
          found.some(({ ports }) => !Object.entries(ports).flat().includes(targetPort)) &&
            `leads to the port ${targetPort}, which does not exist`,
        );
    }
    if (kind === 'PodDisruptionBudget')
      errors.push(select(spec.selector).length !== 1 && 'does not select one workload');
    if (kind === 'PodMonitor') {
      errors.push(select(spec.selector).length === 0 && 'selects no pod');
      for (const { port } of spec.podMetricsEndpoints)
        errors.push(
          !select(spec.selector).some(({ ports }) => ports[port] !== undefined) &&
            `asks the port ${port}, which does not exist`,
        );
    }
    if (kind === 'NetworkPolicy') errors.push(select(spec.podSelector).length === 0 && 'selects no pod');
    if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject')
      errors.push(
        !names.has(`Deployment/${spec.scaleTargetRef.name}`) &&
          `scales ${spec.scaleTargetRef.name}, which does not exist`,
      );
    if (kind === 'ScheduledBackup')
      errors.push(!names.has(`Cluster/${spec.cluster.name}`) && 'saves a cluster that does not exist');
    if (kind === 'Cluster')
      for (const { parameters } of spec.plugins ?? [])
        errors.push(!names.has(`ObjectStore/${parameters.barmanObjectName}`) && 'has its backups in no object storage');
    for (const volume of pods.find(({ owner }) => owner === nameOf(object))?.spec?.volumes ?? []) {
      if (volume.configMap)
        errors.push(!names.has(`ConfigMap/${volume.configMap.name}`) && `mounts no ConfigMap ${volume.configMap.name}`);
      const claim = volume.persistentVolumeClaim?.claimName;
      errors.push(
        claim !== undefined &&
          !names.has(`PersistentVolumeClaim/${claim}`) &&
          `mounts no PersistentVolumeClaim ${claim}`,
      );
      if (volume.secret)
        errors.push(!names.has(`Secret/${volume.secret.secretName}`) && `mounts no Secret ${volume.secret.secretName}`);
    }
    return errors.filter(Boolean).map((text) => `${nameOf(object)} ${text}`);
  });
}

/** Workloads whose replicas and disruption budget do not agree: an eviction must be possible, and must leave a pod. */
export function findDisruptionErrors(objects: readonly Manifest[], least: number): string[] {
  const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
  return listPods(objects)
    .filter(({ kind, owner }) => (kind === 'Deployment' || kind === 'StatefulSet') && owner !== 'Deployment/mailbox')
    .flatMap(({ owner, labels }) => {
      const name = owner.split('/')[1];
      const scaler = objects.find(
        ({ kind, spec }) =>
          (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') && spec.scaleTargetRef.name === name,
      );
      const workload = objects.find((object) => nameOf(object) === owner);
      const replicas = scaler?.spec.minReplicas ?? scaler?.spec.minReplicaCount ?? workload?.spec.replicas;
      const own = budgets.filter(({ spec }) => matches(spec.selector, labels));
      return [
        scaler !== undefined &&
          workload?.spec.replicas !== undefined &&
          'has replicas that its autoscaler decides about',
        (replicas ?? 1) < least && `has ${replicas ?? 1} replicas, and needs ${least}`,
        own.length !== 1 && `has ${own.length} disruption budgets`,
        own[0] !== undefined && own[0].spec.maxUnavailable !== 1 && 'does not allow one disruption',
        least > 1 && (replicas ?? 1) - 1 < 1 && 'has no pod during a disruption',
      ]
        .filter(Boolean)
        .map((text) => `${owner} ${text}`);
    });
}
