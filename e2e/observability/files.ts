import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = 'deploy/observability';
export const prometheusFolder = `${root}/prometheus`;
export const dashboardsFolder = `${root}/grafana/dashboards`;

export interface Rule {
  /** The name of the metric that it records, or of its alert. */
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The rules of all files. */
export function readRules(): readonly Rule[] {
  return list(`${prometheusFolder}/rules`).flatMap((file) => {
    const { groups } = parse(readFileSync(file, 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}

/** A query of a panel, with the values of the dashboard's variables. */
export interface PanelQuery {
  /** `<dashboard>: <panel>, <legend>` */
  readonly name: string;
  readonly expr: string;
  readonly legend: string;
  /** True when it is normal that nothing is found. */
  readonly mayBeEmpty: boolean;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly noValue?: string } };
}

/** The queries of all panels, for any namespace. */
export function readPanelQueries(): readonly PanelQuery[] {
  return list(dashboardsFolder).flatMap((file) => {
    const { title, panels } = JSON.parse(readFileSync(file, 'utf8')) as { title: string; panels: readonly Panel[] };
    return panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr, legendFormat: legend }) => ({
        name: `${title}: ${panel.title}, ${legend}`,
        expr: expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', '1m'),
        legend,
        mayBeEmpty: panel.fieldConfig?.defaults.noValue !== undefined,
      })),
    );
  });
}

const list = (folder: string): string[] => readdirSync(folder).map((name) => path.join(folder, name));
