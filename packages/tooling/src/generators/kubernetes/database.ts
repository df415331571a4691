import { nameVariables, type ServiceName } from '@shop/contracts';
import { componentLabel, type KubernetesObject, nameLabel, secretVariable, variable } from './objects.ts';

/** The label by which CloudNativePG marks the pods of a cluster. */
const clusterLabel = 'cnpg.io/cluster';

/** The name of the cluster of databases of a service: a primary and its standbys. */
export const nameDatabase = (name: ServiceName): string => `${name}-database`;

/** The variable with the URL of a service's database. CloudNativePG makes the Secret, and rotates its password with the role. */
export const databaseVariable = (name: ServiceName) =>
  secretVariable(nameVariables(name).databaseUrl, `${nameDatabase(name)}-app`, 'uri');

/** The servers of a cluster of databases: a primary and two standbys. */
const instances = 3;

/** The label by which CloudNativePG marks the pod of one server of a cluster. */
const instanceLabel = 'cnpg.io/instanceName';

const nameInstances = (name: ServiceName): string[] =>
  Array.from({ length: instances }, (_, index) => `${nameDatabase(name)}-${index + 1}`);

/**
 * An address for each server of a service's databases. A read from a replica needs one server at each address, so that
 * the Service `-ro` of CloudNativePG, which has all standbys behind it, does not fit.
 */
export function describeInstances(name: ServiceName): KubernetesObject[] {
  return nameInstances(name).map((instance) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: instance, labels: { [componentLabel]: 'database' } },
    spec: {
      clusterIP: 'None',
      selector: { [clusterLabel]: nameDatabase(name), [instanceLabel]: instance },
      ports: [{ name: 'postgres', port: 5432, targetPort: 5432 }],
    },
  }));
}

/**
 * A patch that gives a service the URLs of its servers to read lists from. Each may be the primary at a time: the service
 * reads from those that are standbys.
 */
export function describeReadUrls(name: ServiceName): object {
  const { databaseReadUrls } = nameVariables(name);
  const secret = `${nameDatabase(name)}-app`;
  // One variable for each server: Kubernetes puts them together.
  const urls = nameInstances(name).map((instance, index) =>
    variable(`READ_URL_${index + 1}`, `postgresql://shop_${name}:$(READ_PASSWORD)@${instance}:5432/shop_${name}`),
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name,
              env: [
                secretVariable('READ_PASSWORD', secret, 'password'),
                ...urls,
                variable(databaseReadUrls, urls.map((url) => `$(${url.name})`).join(',')),
              ],
            },
          ],
        },
      },
    },
  };
}

/** How a network policy names the pods of a service's database. */
export const selectDatabase = (name: ServiceName) => ({
  podSelector: { matchLabels: { [clusterLabel]: nameDatabase(name) } },
});

/** A PostgreSQL of the service's own, and the policy that lets only the service and the maintenance jobs in. */
export function describeDatabase(name: ServiceName): KubernetesObject[] {
  return [describeCluster(name), describeDatabasePolicy(name)];
}

function describeCluster(name: ServiceName): KubernetesObject {
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name: nameDatabase(name), labels: { [componentLabel]: 'database' } },
    spec: {
      instances,
      imageName: 'ghcr.io/cloudnative-pg/postgresql:18-standard-bookworm',
      inheritedMetadata: { labels: { [componentLabel]: 'database' } },
      enableSuperuserAccess: false,
      primaryUpdateStrategy: 'unsupervised',
      bootstrap: {
        initdb: {
          database: `shop_${name}`,
          owner: `shop_${name}`,
          dataChecksums: true,
          // As `npm start` makes them: sorted by code point, and letters of all scripts known to the text search.
          encoding: 'UTF8',
          localeProvider: 'builtin',
          builtinLocale: 'C.UTF-8',
          localeCollate: 'C',
          localeCType: 'C',
        },
      },
      postgresql: {
        parameters: {
          max_connections: '200',
          shared_buffers: '256MB',
          max_slot_wal_keep_size: '10GB',
        },
        // A commit waits for one standby, and for none while no standby is there.
        synchronous: { method: 'any', number: 1, dataDurability: 'preferred' },
      },
      storage: { size: '20Gi' },
      resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { memory: '1Gi' } },
      affinity: {
        enablePodAntiAffinity: true,
        topologyKey: 'kubernetes.io/hostname',
        podAntiAffinityType: 'preferred',
      },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function describeDatabasePolicy(name: ServiceName): KubernetesObject {
  const members = selectDatabase(name);
  const operator = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cnpg-system' } },
    podSelector: { matchLabels: { [nameLabel]: 'cloudnative-pg' } },
  };
  const replication = [port(5432), port(8000)];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: nameDatabase(name) },
    spec: {
      podSelector: members.podSelector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { [nameLabel]: name } } },
            { podSelector: { matchLabels: { [componentLabel]: 'maintenance' } } },
          ],
          ports: [port(5432)],
        },
        { from: [members, operator], ports: replication },
      ],
      egress: [
        { to: [members], ports: replication },
        // The API server, from which an instance learns its role, and the object storage of backups. Their addresses differ by cluster.
        { ports: [port(443), port(6443)] },
      ],
    },
  };
}

/** A TCP port in a network policy. */
export const port = (number: number) => ({ protocol: 'TCP', port: number });
