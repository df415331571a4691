import { parse } from 'yaml';
import { z } from 'zod';

const panelSchema = z.strictObject({
  title: z.string(),
  kind: z.enum(['timeseries', 'stat']).default('timeseries'),
  /** Of 24. */
  width: z.int().min(1).max(24).default(8),
  /** A unit of Grafana. */
  unit: z.string(),
  stack: z.boolean().default(false),
  /** The text for a result without series, where that is normal. */
  empty: z.string().optional(),
  /** Expressions of PromQL by their legends. */
  queries: z.record(z.string(), z.string()),
});
const dashboardSchema = z.strictObject({
  uid: z.string().regex(/^[a-z-]+$/),
  title: z.string(),
  rows: z.array(z.strictObject({ title: z.string(), panels: z.array(panelSchema).min(1) })).min(1),
});

type Panel = z.infer<typeof panelSchema>;
export type Dashboard = z.infer<typeof dashboardSchema>;

/** Reads the short form of the dashboards. @throws ZodError when it is wrong */
export function readDashboards(text: string): readonly Dashboard[] {
  return z.array(dashboardSchema).parse(parse(text));
}

const columns = 24;
const panelHeight = 8;

/** The variable of a dashboard by which a person chooses a Prometheus. */
const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Writes a dashboard in Grafana's form. */
export function writeDashboard({ uid, title, rows }: Dashboard): object {
  return {
    uid,
    title,
    tags: ['shop'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    links: [links],
    templating: { list: [datasourceVariable, namespaceVariable] },
    panels: placePanels(rows),
  };
}

/** Leads from each dashboard to the others, with the time and the namespace. */
const links = {
  type: 'dashboards',
  title: 'Shop',
  tags: ['shop'],
  icon: 'external link',
  tooltip: '',
  url: '',
  asDropdown: false,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
};

const datasourceVariable = { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' };

/** Without Kubernetes there is no namespace, and `.*` also matches none. */
const namespaceVariable = {
  name: 'namespace',
  label: 'Namespace',
  type: 'query',
  datasource,
  query: { query: 'label_values(shop_ready, namespace)', refId: 'namespace' },
  refresh: 2,
  sort: 1,
  includeAll: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
};

/** Places the panels of each row from left to right, and the rows below each other. */
function placePanels(rows: Dashboard['rows']): object[] {
  const placed: object[] = [];
  let y = 0;
  const place = (panel: object, gridPos: object): void =>
    void placed.push({ id: placed.length + 1, ...panel, gridPos });
  for (const { title, panels } of rows) {
    place({ type: 'row', title, collapsed: false, panels: [] }, { x: 0, y, w: columns, h: 1 });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      if (x + panel.width > columns) [x, y] = [0, y + panelHeight];
      place(writePanel(panel), { x, y, w: panel.width, h: panelHeight });
      x += panel.width;
    }
    y += panelHeight;
  }
  return placed;
}

function writePanel({ title, kind, unit, stack, empty, queries }: Panel): object {
  const isStat = kind === 'stat';
  return {
    type: kind,
    title,
    datasource,
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      expr: addNamespace(expr),
      legendFormat,
      ...(isStat ? { instant: true } : { range: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        ...(empty === undefined ? {} : { noValue: empty }),
        ...(isStat ? { decimals: unit === 'percentunit' ? 3 : 0 } : { min: 0, custom: writeLines(stack) }),
      },
      overrides: [],
    },
    options: isStat
      ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'none' }
      : {
          legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
          tooltip: { mode: 'multi', sort: 'desc' },
        },
  };
}

const writeLines = (stack: boolean): object => ({
  lineWidth: 1,
  showPoints: 'never',
  fillOpacity: stack ? 30 : 5,
  stacking: { group: 'A', mode: stack ? 'normal' : 'none' },
});

/** Adds the chosen namespace to each metric of an expression. No label has a name that begins like a metric's. */
export function addNamespace(expr: string): string {
  return expr.replace(
    /\b(?:(?:shop|nodejs|process)[_:][\w:]+|up|ALERTS)\b(\{)?/g,
    (metric, brace?: string) =>
      `${metric}${brace === undefined ? '{' : ''}namespace=~"$namespace"${brace === undefined ? '}' : ', '}`,
  );
}
