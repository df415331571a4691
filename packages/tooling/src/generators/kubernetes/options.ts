import { findConsumers, type ServiceName, serviceNames } from '@shop/contracts';
import { durableName } from '@shop/messaging';
import type { KubernetesObject } from './objects.ts';
import { nameDatabase } from './database.ts';

/** Messages that may wait for one replica of a subgraph before another one is started. */
const lagThreshold = 500;

/** The services that follow events of others. */
const followers = serviceNames.filter((name) => findConsumers(name).length > 0);

/** Scales each subgraph that follows others by the messages that wait for it, and by its processor. */
export const describeLagScalers = (): KubernetesObject[] => followers.map(describeLagScaler);

function describeLagScaler(name: ServiceName): KubernetesObject {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: 2,
      maxReplicaCount: 6,
      cooldownPeriod: 300,
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 300 } } } },
      triggers: [
        { type: 'cpu', metricType: 'Utilization', metadata: { value: '70' } },
        ...findConsumers(name).map((consumer) => ({
          type: 'nats-jetstream',
          metadata: {
            account: '$G',
            stream: consumer.stream,
            consumer: durableName(consumer),
            lagThreshold: String(lagThreshold),
          },
          // The address of the broker, which depends on the namespace.
          authenticationRef: { name: 'broker-monitoring' },
        })),
      ],
    },
  };
}

/** A daily base backup of each database, a quarter of an hour after the one before it. The write-ahead log is archived all the time. */
export const describeBackups = (): KubernetesObject[] =>
  serviceNames.map((name, index) => ({
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'ScheduledBackup',
    metadata: { name: nameDatabase(name) },
    spec: {
      // Seconds come first.
      schedule: `0 ${(index * 15) % 60} ${1 + Math.floor(index / 4)} * * *`,
      immediate: true,
      backupOwnerReference: 'cluster',
      target: 'prefer-standby',
      cluster: { name: nameDatabase(name) },
      method: 'plugin',
      pluginConfiguration: { name: 'barman-cloud.cloudnative-pg.io' },
    },
  }));
