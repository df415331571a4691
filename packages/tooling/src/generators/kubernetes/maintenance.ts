import { type ServiceName, serviceNames, services, tokenIssuer } from '@shop/contracts';
import { databaseVariable, port, selectDatabase } from './database.ts';
import {
  appImage,
  componentLabel,
  configVariable,
  containerSecurity,
  type KubernetesObject,
  nameLabel,
  podDefaults,
  secretsName,
  secretVariable,
  temporaryFolder,
  variable,
} from './objects.ts';

/** The ConfigMap with the settings of the first start. */
export const seedSettings = 'seed-settings';

/** The jobs that use every database, and the policy that lets them in. */
export function describeMaintenance(): KubernetesObject[] {
  return [describeMigration(), describeReconciliation(), describePolicy()];
}

/**
 * Migrates every database, and fills it at the first start. The subgraphs of a release wait for it. It changes nothing
 * that is done already, so that each deployment runs it.
 */
function describeMigration(): KubernetesObject {
  const labels = { [nameLabel]: 'migrate', [componentLabel]: 'maintenance' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'migrate',
      labels,
      annotations: {
        // The template of a Job cannot be changed. Each tool replaces the Job of the former release in its own way.
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        'kustomize.toolkit.fluxcd.io/force': 'enabled',
      },
    },
    spec: {
      // A database that is still being created is tried again, for about 20 minutes.
      backoffLimit: 10,
      activeDeadlineSeconds: 1_800,
      template: {
        metadata: { labels },
        spec: {
          ...podDefaults,
          restartPolicy: 'OnFailure',
          terminationGracePeriodSeconds: 60,
          initContainers: [describeCommand('migrate', ['dist/shop.js', 'migrate'], serviceNames.map(databaseVariable))],
          containers: serviceNames.filter((name) => services[name].hasSeed).map(describeSeed),
          volumes: [temporaryFolder.volume],
        },
      },
    },
  };
}

function describeSeed(name: ServiceName): object {
  return describeCommand(
    `${name}-seed`,
    [`dist/${name}-seed.js`],
    [
      databaseVariable(name),
      configVariable('SEED', seedSettings),
      ...(name === tokenIssuer
        ? [
            configVariable('ADMIN_EMAIL', seedSettings),
            secretVariable('ADMIN_PASSWORD', secretsName),
            secretVariable('DEMO_PASSWORD', secretsName, undefined, { optional: true }),
          ]
        : []),
    ],
  );
}

/** Compares what is stored twice, each night. A difference makes the Job fail. */
function describeReconciliation(): KubernetesObject {
  const labels = { [nameLabel]: 'reconcile', [componentLabel]: 'maintenance' };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'reconcile', labels },
    spec: {
      schedule: '30 3 * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3_600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 7,
      jobTemplate: {
        spec: {
          // A difference does not go away by another look.
          backoffLimit: 0,
          activeDeadlineSeconds: 3_600,
          template: {
            metadata: { labels },
            spec: {
              ...podDefaults,
              restartPolicy: 'Never',
              containers: [
                describeCommand('reconcile', ['dist/shop.js', 'reconcile'], serviceNames.map(databaseVariable)),
              ],
              volumes: [temporaryFolder.volume],
            },
          },
        },
      },
    },
  };
}

/** Where the volume of the backups is. */
const backupFolder = '/backups';

/** The claim of the volume with the backups. */
const backupVolume = 'backups';

/** Backs up every database into a volume each night, and reads the backup to its end. */
export function describeBackupJob(): KubernetesObject {
  const labels = { [nameLabel]: 'backup', [componentLabel]: 'maintenance' };
  const env = [variable('BACKUP_DIR', backupFolder), secretVariable('BACKUP_KEY', secretsName)];
  const volumeMounts = [temporaryFolder.mount, { name: backupVolume, mountPath: backupFolder }];
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'backup', labels },
    spec: {
      schedule: '0 2 * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3_600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 7,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 21_600,
          template: {
            metadata: { labels },
            spec: {
              ...podDefaults,
              restartPolicy: 'Never',
              initContainers: [
                {
                  ...describeCommand(
                    'backup',
                    ['dist/shop.js', 'backup', '--keep', '14'],
                    [...serviceNames.map(databaseVariable), ...env],
                  ),
                  volumeMounts,
                },
              ],
              containers: [
                { ...describeCommand('check', ['dist/shop.js', 'backup', 'check', 'latest'], env), volumeMounts },
              ],
              volumes: [
                temporaryFolder.volume,
                { name: backupVolume, persistentVolumeClaim: { claimName: backupVolume } },
              ],
            },
          },
        },
      },
    },
  };
}

function describeCommand(name: string, command: readonly string[], env: readonly object[]): object {
  return {
    name,
    image: appImage,
    command: ['node', ...command],
    env,
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '768Mi' } },
    securityContext: containerSecurity,
    volumeMounts: [temporaryFolder.mount],
  };
}

function describePolicy(): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'maintenance' },
    spec: {
      podSelector: { matchLabels: { [componentLabel]: 'maintenance' } },
      policyTypes: ['Ingress', 'Egress'],
      egress: serviceNames.map((name) => ({ to: [selectDatabase(name)], ports: [port(5432)] })),
    },
  };
}
