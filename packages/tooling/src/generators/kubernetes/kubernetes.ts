import { nameVariables, serviceNames, services, tokenIssuer } from '@shop/contracts';
import { stringify } from 'yaml';
import type { CommittedGenerator } from '../../generate/generator.ts';
import { describeBrokerPasswords, formatBrokerTopology } from './broker.ts';
import { describeInstances, describeReadUrls } from './database.ts';
import { describeBackupJob, describeMaintenance } from './maintenance.ts';
import { describeBackups, describeLagScalers } from './options.ts';
import { describeGatewayPolicy, describeSubgraph, nameSettings } from './subgraph.ts';

const root = 'deploy/kubernetes';
const folder = `${root}/base/services`;

const header =
  '# Written by npm run generate from the table of services in packages/contracts/src/services.ts. Change an overlay instead.\n';

/** The subgraphs that read lists from replicas. The list of accounts is read from the primary. */
const readers = serviceNames.filter((name) => name !== tokenIssuer);

/** Writes the manifests that follow from the table of services. What a person edits, the gateway for example, is beside them. */
export const kubernetes: CommittedGenerator = {
  kind: 'committed',
  name: 'kubernetes',
  inputs: () => ['packages/contracts/src', 'packages/messaging/src', 'packages/stack/src/nats'],
  folders: [folder],
  run: () => ({
    ...Object.fromEntries(serviceNames.map((name) => [`${folder}/${name}.yaml`, format(describeSubgraph(name))])),
    [`${folder}/maintenance.yaml`]: format(describeMaintenance()),
    [`${folder}/gateway-policy.yaml`]: format([describeGatewayPolicy()]),
    [`${folder}/broker-passwords.yaml`]: format([describeBrokerPasswords()]),
    [`${folder}/topology.conf`]: formatBrokerTopology(),
    [`${folder}/kustomization.yaml`]: format([describeKustomization()]),
    [`${root}/components/keda/scalers.yaml`]: format(describeLagScalers()),
    [`${root}/components/backup-files/backup.yaml`]: format([describeBackupJob()]),
    [`${root}/components/read-replicas/instances.yaml`]: format(readers.flatMap(describeInstances)),
    [`${root}/components/read-replicas/read-urls.yaml`]: format(readers.map(describeReadUrls)),
    [`${root}/components/database-backups/scheduled-backups.yaml`]: format(describeBackups()),
  }),
};

function describeKustomization(): object {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...serviceNames.map((name) => `${name}.yaml`), 'maintenance.yaml', 'gateway-policy.yaml'],
    configMapGenerator: [
      {
        name: 'subgraph-urls',
        literals: serviceNames.map((name) => `${nameVariables(name).url}=http://${name}:${services[name].port}`),
      },
      ...serviceNames.map((name) => ({ name: nameSettings(name) })),
    ],
  };
}

/** YAML documents with a line about their origin. */
function format(objects: readonly object[]): string {
  return (
    header + objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')
  );
}
