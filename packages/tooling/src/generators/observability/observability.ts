import { findMetricsPort, serviceNames } from '@shop/contracts';
import { parse, stringify } from 'yaml';
import type { CommittedGenerator } from '../../generate/generator.ts';
import type { Project } from '../../project.ts';
import { updateBlocks } from '../blocks.ts';
import { readDashboards, writeDashboard } from './dashboards.ts';

const root = 'deploy/observability';
const prometheusFile = `${root}/prometheus/prometheus.yml`;
const dashboardsFile = `${root}/grafana/dashboards.yml`;
const dashboardsFolder = `${root}/grafana/dashboards`;
const rulesFolder = `${root}/prometheus/rules`;

/** The base of the ports of the metrics in the containers. */
const METRICS_PORT = 9_464;

/** Writes the dashboards, what Prometheus scrapes in containers, and its rules as an object of Kubernetes. */
export const observability: CommittedGenerator = {
  kind: 'committed',
  name: 'observability',
  inputs: () => ['packages/contracts/src', prometheusFile, dashboardsFile, rulesFolder],
  folders: [dashboardsFolder],
  run: (project) => ({
    [prometheusFile]: updatePrometheusFile(project.require(prometheusFile)),
    ...Object.fromEntries(
      readDashboards(project.require(dashboardsFile)).map((dashboard) => [
        `${dashboardsFolder}/${dashboard.uid}.json`,
        JSON.stringify(writeDashboard(dashboard)),
      ]),
    ),
    'deploy/kubernetes/components/monitoring/rules.yaml': writeRules(project),
  }),
};

/**
 * Rewrites the list of the processes that Prometheus scrapes in containers.
 *
 * @throws ExpectedError when its block is missing
 */
export function updatePrometheusFile(text: string): string {
  return updateBlocks(prometheusFile, text, {
    processes: (['gateway', ...serviceNames] as const).map(
      (name) => `- { names: [${name}], type: A, port: ${findMetricsPort(METRICS_PORT, name)}, refresh_interval: 10s }`,
    ),
  });
}

/** The rules for the Prometheus operator. */
function writeRules(project: Project): string {
  const groups = project
    .list(rulesFolder)
    .flatMap((file) => (parse(project.require(file)) as { readonly groups: readonly object[] }).groups);
  const object = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'federated-commerce' },
    spec: { groups },
  };
  return `# Written by npm run generate from ${rulesFolder}.\n${stringify(object, { lineWidth: 0 })}`;
}
