import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ServiceDefinition, serviceNames, services, topology } from '@shop/contracts';
import { isLongRun } from '@shop/testing/config';
import { stringify } from 'yaml';
import { findNatsServer, natsSources } from '../packages/stack/src/nats/find-server.ts';
import { readNatsSources } from '../packages/stack/src/config.ts';
import { findEnvironmentErrors, makeSecrets, resolveEnvironment } from './kubernetes/environment.ts';
import { findConnections } from './kubernetes/network.ts';
import { build, hasKubectl, listPods, type Manifest, nameOf, type Part, read } from './kubernetes/objects.ts';
import { findSchemaErrors } from './kubernetes/schemas.ts';
import { dashboardsFolder, readRules } from './observability/files.ts';
import { findDisruptionErrors, findPodErrors, findReferenceErrors } from './kubernetes/workloads.ts';

const root = 'deploy/kubernetes';
const missing = hasKubectl() ? '' : ' (skipped: no kubectl 1.28 or later was found)';
const overlays = readdirSync(`${root}/overlays`);
const components = readdirSync(`${root}/components`);

const readDashboard = (name: string) => readFileSync(path.join(dashboardsFolder, name), 'utf8');

const made: string[] = [];
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Builds the base with components, as an overlay of a user's own would. */
function buildWith(names: readonly string[]): Promise<Manifest[]> {
  // Inside the project: Kustomize takes only relative paths.
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(path.join('.cache', 'kubernetes-'));
  made.push(folder);
  const images = ['federated-commerce', 'nats', 'nats-exporter'].map((name) => ({ name, newTag: '1.0.0' }));
  writeFileSync(
    path.join(folder, 'kustomization.yaml'),
    stringify({
      resources: [`../../${root}/base`],
      components: names.map((name) => `../../${root}/components/${name}`),
      images,
    }),
  );
  return build(folder);
}

const pairs = components.flatMap((one, index) => components.slice(index + 1).map((other) => [one, other]));
/** All components at once; in the long form also the base alone, and every pair. */
const isLong = isLongRun();
const combinations: readonly (readonly string[])[] = [components, ...(isLong ? [[], ...pairs] : [])];

(missing === '' ? describe : describe.skip)(`the manifests${missing}`, () => {
  const builds: Record<string, Manifest[]> = {};
  let secrets: Awaited<ReturnType<typeof makeSecrets>>;

  beforeAll(async () => {
    for (const name of overlays) builds[name] = await build(`${root}/overlays/${name}`);
    for (const names of combinations) builds[`base with ${names.join(', ')}`] = await buildWith(names);
    secrets = await makeSecrets();
  }, 300_000);

  /** The mistakes of all builds, each with its name. */
  const inAll = async (find: (objects: Manifest[]) => string[] | Promise<string[]>): Promise<string[]> => {
    const errors: string[] = [];
    for (const [name, objects] of Object.entries(builds))
      errors.push(...(await find(objects)).map((text) => `${name}: ${text}`));
    return errors;
  };
  const outsideSecrets = () => Object.keys(secrets).map((name) => `Secret/${name}`);

  test('follow the schemas of their APIs, and have no further field', async () => {
    expect(builds['production']?.length).toBeGreaterThan(60);
    expect(await inAll(findSchemaErrors)).toEqual([]);
  });

  test('run pods that Kubernetes calls restricted, with resources, probes of real routes and time to stop', async () => {
    expect(await inAll(findPodErrors)).toEqual([]);
  });

  test('give each container variables that its process reads, and all that it needs', async () => {
    expect(await inAll((objects) => findEnvironmentErrors(objects, secrets))).toEqual([]);
  });

  test('refer only to what exists', async () => {
    expect(await inAll((objects) => findReferenceErrors(objects, outsideSecrets()))).toEqual([]);
  });

  test('allow one disruption, which leaves a pod outside development', async () => {
    expect(await inAll((objects) => findDisruptionErrors(objects, 1))).toEqual([]);
    for (const name of ['staging', 'production']) expect(findDisruptionErrors(builds[name] ?? [], 2)).toEqual([]);
  });

  test('contain no secret, but the address of the mailbox in development', () => {
    const found = Object.entries(builds).flatMap(([name, objects]) =>
      objects.filter(({ kind }) => kind === 'Secret').map(({ data }) => [name, Object.keys(data as object)]),
    );
    expect(found.filter(([name]) => overlays.includes(String(name)))).toEqual([['development', ['SMTP_URL']]]);
  });

  test('connect what the table of services connects, and nothing else', () => {
    const { inside, fromOutside, toOutside } = findConnections(builds['production'] ?? []);
    const pod = (name: string) => `Deployment/${name}`;
    const database = (name: string) => `Cluster/${name}-database`;
    const maintenance = ['Job/migrate', 'CronJob/reconcile'];
    const broker = 'StatefulSet/nats';
    const watchers = [...new Set(topology.watches.map(({ watcher }) => watcher))];
    const expected = [
      ...serviceNames.flatMap((name) => [
        `${pod('gateway')} -> ${pod(name)}:${services[name].port}`,
        `${pod(name)} -> ${database(name)}:5432`,
        `${pod(name)} -> ${broker}:4222`,
        ...maintenance.map((job) => `${job} -> ${database(name)}:5432`),
        // Replication, and the state of the members.
        `${database(name)} -> ${database(name)}:5432`,
        `${database(name)} -> ${database(name)}:8000`,
      ]),
      ...watchers.map((name) => `${pod(name)} -> ${broker}:4222`),
      `${broker} -> ${broker}:6222`,
    ];
    expect([...inside].sort()).toEqual(expected.sort());

    const metrics = (name: 'gateway' | (typeof serviceNames)[number]) =>
      9_464 + (name === 'gateway' ? 0 : 1 + serviceNames.indexOf(name));
    expect([...fromOutside].sort()).toEqual(
      [
        `ingress-nginx -> ${pod('gateway')}:4000`,
        `monitoring -> ${pod('gateway')}:${metrics('gateway')}`,
        `monitoring -> ${broker}:7777`,
        ...serviceNames.flatMap((name) => [
          `monitoring -> ${pod(name)}:${metrics(name)}`,
          `monitoring -> ${database(name)}:9187`,
          `cnpg-system -> ${database(name)}:5432`,
          `cnpg-system -> ${database(name)}:8000`,
        ]),
      ].sort(),
    );

    const senders = serviceNames.filter((name) => (services[name] as ServiceDefinition).sendsMail);
    const dns = toOutside.filter((text) => text.endsWith(' -> kube-system:53'));
    expect(new Set(dns).size).toBe(serviceNames.length * 2 + 2 + maintenance.length);
    expect(toOutside.filter((text) => !dns.includes(text)).sort()).toEqual(
      [
        ...senders.flatMap((name) => [25, 465, 587].map((port) => `${pod(name)} -> anywhere:${port}`)),
        ...serviceNames.flatMap((name) => [443, 6443].map((port) => `${database(name)} -> anywhere:${port}`)),
      ].sort(),
    );
  });

  test('open the broker to KEDA, the mailbox to the senders of mail and the databases to backups, where these components are used', () => {
    const all = findConnections(builds[`base with ${components.join(', ')}`] ?? []);
    const production = findConnections(builds['production'] ?? []);
    const more = (one: keyof typeof all) => all[one].filter((text) => !production[one].includes(text));
    const senders = serviceNames.filter((name) => (services[name] as ServiceDefinition).sendsMail);
    expect(more('inside').sort()).toEqual(
      [
        ...senders.map((name) => `Deployment/${name} -> Deployment/mailbox:4025`),
        ...serviceNames.map((name) => `CronJob/backup -> Cluster/${name}-database:5432`),
      ].sort(),
    );
    expect(more('fromOutside').sort()).toEqual([
      'envoy-gateway-system -> Deployment/gateway:4000',
      'keda -> StatefulSet/nats:8222',
    ]);
  });

  test('have the rules and the dashboards, and the labels that these use', () => {
    const objects = builds['production'] ?? [];
    const rules = objects.find(({ kind }) => kind === 'PrometheusRule');
    const inFiles = readRules();
    expect(rules?.spec.groups.flatMap((group: Part) => group.rules)).toEqual(inFiles);
    expect(inFiles.length).toBeGreaterThan(30);
    const dashboards = objects.filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
    expect(dashboards.map(({ kind, data }) => [kind, data])).toEqual([
      ['ConfigMap', Object.fromEntries(readdirSync(dashboardsFolder).map((name) => [name, readDashboard(name)]))],
    ]);
    const monitor = objects.find((object) => nameOf(object) === 'PodMonitor/federated-commerce');
    expect(monitor?.spec.podMetricsEndpoints[0].relabelings).toEqual([
      { targetLabel: 'job', replacement: 'shop' },
      { sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], targetLabel: 'service' },
    ]);
    for (const name of ['gateway', ...serviceNames])
      expect(listPods(objects).find(({ owner }) => owner === `Deployment/${name}`)?.labels).toHaveProperty(
        ['app.kubernetes.io/name'],
        name,
      );
  });

  test('give the broker room for all streams', () => {
    const claim = builds['production']?.find((object) => nameOf(object) === 'StatefulSet/nats')?.spec
      .volumeClaimTemplates[0];
    const gibibytes = Number(/^(\d+)Gi$/.exec(claim.spec.resources.requests.storage)?.[1]);
    const bytes = Number(
      /^STREAM_BYTES: (\d+)$/m.exec(readFileSync(`${root}/base/services/topology.conf`, 'utf8'))?.[1],
    );
    expect(gibibytes * 1024 ** 3).toBeGreaterThan(bytes * 1.5);
  });

  test('give the broker a configuration that it accepts, with passwords of digits', async () => {
    const objects = builds['production'] ?? [];
    const [broker] = listPods(objects).filter(({ kind }) => kind === 'StatefulSet');
    const [container] = broker?.spec.containers as [Part];
    const map = broker?.spec.volumes.find((volume: Part) => volume.configMap).configMap.name;
    const files = objects.find((object) => nameOf(object) === `ConfigMap/${map}`)?.data as Record<string, string>;
    const digits = Object.fromEntries(
      Object.keys(secrets['shop-secrets'] ?? {}).map((name) => [name, '12345678901234567890']),
    );
    const { env, missing: absent } = resolveEnvironment(container, objects, { 'shop-secrets': digits });
    expect(absent).toEqual([]);
    const folder = mkdtempSync(path.join(tmpdir(), 'broker-'));
    made.push(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const { path: program } = await findNatsServer(natsSources(readNatsSources()), () => {});
    const check = () =>
      spawnSync(program, ['-t', '--config', path.join(folder, 'nats.conf')], { env, encoding: 'utf8' });
    expect(check()).toMatchObject({ status: 0, stderr: expect.stringContaining('is valid') as unknown });
    // Without the quotes, the password would be a number.
    env[`NATS_${String(serviceNames[0]).toUpperCase()}_PASSWORD`] = '12345678901234567890';
    expect(check()).toMatchObject({ status: 1 });
  });

  describe('a planted mistake is found:', () => {
    /** A copy of production in which one object is changed. */
    const plant = (name: string, change: (object: Part) => void): Manifest[] => {
      const objects = structuredClone(builds['production'] ?? []);
      const object = objects.find((one) => nameOf(one).startsWith(name));
      if (object === undefined) throw new Error(`There is no ${name}.`);
      change(object);
      return objects;
    };
    const first = serviceNames[0] as string;
    const [owner, gateway] = [`Deployment/${first}`, 'Deployment/gateway'];
    const container = (object: Part) => object.spec.template.spec.containers[0];

    test.each<[string, string, (object: Part) => void, RegExp]>([
      ['a wrong type', gateway, (one) => (one.spec.revisionHistoryLimit = '5'), /revisionHistoryLimit must be integer/],
      ['a misspelt field', gateway, (one) => (container(one).livenessProb = {}), /no field .*\/livenessProb$/],
      [
        'a misspelt field of a database',
        `Cluster/${first}`,
        (one) => (one.spec.instance = 3),
        /no field \/spec\/instance$/,
      ],
      ['a missing field', 'ScheduledBackup', (one) => delete one.spec.schedule, /must have required property schedule/],
      [
        'a wrong value of an object storage',
        'ObjectStore',
        (one) => (one.spec.configuration.wal.maxParallel = 'x'),
        /maxParallel/,
      ],
      [
        'a misspelt field of a rule',
        'PrometheusRule',
        (one) => (one.spec.groups[0].rules[0].expression = 'up'),
        /no field .*\/expression$/,
      ],
      [
        'an unknown kind of metric',
        'PodMonitor',
        (one) => (one.spec.podMetricsEndpoint = []),
        /no field \/spec\/podMetricsEndpoint$/,
      ],
    ])('%s (schema)', async (_title, name, change, message) => {
      expect(await findSchemaErrors(plant(name, change))).toEqual([expect.stringMatching(message)]);
    });

    test.each<[string, string, (object: Part) => void, RegExp]>([
      ['root', gateway, (one) => delete one.spec.template.spec.securityContext.runAsNonRoot, /may run as root/],
      [
        'service links',
        gateway,
        (one) => delete one.spec.template.spec.enableServiceLinks,
        /variables of the Services/,
      ],
      ['a token', gateway, (one) => delete one.spec.template.spec.automountServiceAccountToken, /token of the cluster/],
      ['no resources', owner, (one) => delete container(one).resources.requests.cpu, /lacks resources/],
      ['the image latest', owner, (one) => (container(one).image = 'federated-commerce:latest'), /image latest/],
      [
        'a probe of no route',
        owner,
        (one) => (container(one).readinessProbe.httpGet.path = '/healthy'),
        /asks \/healthy/,
      ],
      [
        'a short end',
        owner,
        (one) => (one.spec.template.spec.terminationGracePeriodSeconds = 30),
        /killed after 30 s.*need 30 s/,
      ],
      ['a volume that is not there', owner, (one) => (container(one).volumeMounts[0].name = 'temp'), /mounts temp/],
    ])('%s (pod)', (_title, name, change, message) => {
      expect(findPodErrors(plant(name, change))).toEqual([expect.stringMatching(message)]);
    });

    test.each<[string, string, (object: Part) => void, RegExp]>([
      [
        'an unknown variable',
        gateway,
        (one) => container(one).env.push({ name: 'MAX_DEPHT', value: '9' }),
        /MAX_DEPHT is read by no/,
      ],
      [
        'a value that is refused',
        gateway,
        (one) => container(one).env.push({ name: 'MAX_DEPTH', value: 'x' }),
        /MAX_DEPTH: must be/,
      ],
      ['a missing variable', owner, (one) => container(one).env.splice(0, 1), /_DATABASE_URL is missing/],
      [
        'a key that nothing makes',
        owner,
        (one) => (container(one).env[0].valueFrom.secretKeyRef.key = 'url'),
        /nothing makes the key url/,
      ],
      [
        'a wrong program',
        owner,
        (one) => (container(one).command = ['node', 'dist/gateway.js']),
        /INTERNAL_TOKEN_KEY is missing/,
      ],
    ])('%s (environment)', async (_title, name, change, message) => {
      const errors = await findEnvironmentErrors(plant(name, change), secrets);
      expect(errors.join('\n')).toMatch(message);
    });

    test.each<[string, string, (object: Part) => void, RegExp]>([
      [
        'a selector',
        `Service/${first}`,
        (one) => (one.spec.selector['app.kubernetes.io/name'] = 'usr'),
        /selects 0 workloads/,
      ],
      ['a port', `Service/${first}`, (one) => (one.spec.ports[0].targetPort = 'web'), /port web, which does not exist/],
      ['a policy', 'NetworkPolicy/gateway', (one) => (one.spec.podSelector.matchLabels = { a: 'b' }), /selects no pod/],
      ['a backup', 'ScheduledBackup', (one) => (one.spec.cluster.name = 'other'), /cluster that does not exist/],
      [
        'an address of a server',
        `Service/${serviceNames.at(-1)}-database-3`,
        (one) => (one.spec.selector['cnpg.io/instanceName'] = 'other-4'),
        /selects no instance other-4/,
      ],
      [
        'a Secret',
        owner,
        (one) => (one.spec.template.spec.volumes[1].secret.secretName = 'other'),
        /mounts no Secret other/,
      ],
    ])('%s that leads nowhere', (_title, name, change, message) => {
      expect(findReferenceErrors(plant(name, change), outsideSecrets())).toEqual([expect.stringMatching(message)]);
    });

    test('a backup without a volume, without a key, or beside the volume', async () => {
      const objects = structuredClone(builds[`base with ${components.join(', ')}`] ?? []);
      const job = objects.find((object) => nameOf(object) === 'CronJob/backup');
      const pod = job?.spec.jobTemplate.spec.template.spec as Part;
      pod.volumes[1].persistentVolumeClaim.claimName = 'other';
      expect(findReferenceErrors(objects, outsideSecrets())).toEqual([
        'CronJob/backup mounts no PersistentVolumeClaim other',
      ]);
      const [check] = pod.containers;
      check.env = [{ name: 'BACKUP_DIR', value: '/elsewhere' }];
      expect(await findEnvironmentErrors(objects, secrets)).toEqual([
        'CronJob/backup/check: it has no key to encrypt the backup',
        'CronJob/backup/check: BACKUP_DIR is in no volume',
      ]);
    });

    test('a budget that allows no disruption, and one replica', () => {
      const budget = plant('PodDisruptionBudget/gateway', (one) => (one.spec.maxUnavailable = 0));
      expect(findDisruptionErrors(budget, 2)).toEqual(['Deployment/gateway does not allow one disruption']);
      const single = plant('HorizontalPodAutoscaler/gateway', (one) => (one.spec.minReplicas = 1));
      expect(findDisruptionErrors(single, 2)).toHaveLength(2);
    });

    test('a policy that opens too much, or too little', () => {
      const [one, other] = serviceNames as readonly string[];
      const open = plant(`NetworkPolicy/${one}-database`, (policy) => delete policy.spec.ingress[0].from);
      const wide = plant(`NetworkPolicy/${other}`, (policy) => delete policy.spec.egress[0].to);
      const both = [
        ...open.filter(({ metadata }) => metadata.name !== other),
        ...wide.filter((object) => nameOf(object) === `NetworkPolicy/${other}`),
      ];
      const { inside } = findConnections([
        ...both,
        ...open.filter((object) => object.metadata.name === other && object.kind !== 'NetworkPolicy'),
      ]);
      expect(inside).toContain(`Deployment/${other} -> Cluster/${one}-database:5432`);
      const closed = plant('NetworkPolicy/gateway-to-subgraphs', (policy) => policy.spec.egress.shift());
      expect(
        findConnections(closed).inside.some((text) => text.startsWith(`Deployment/gateway -> Deployment/${one}:`)),
      ).toBe(false);
    });
  });
});

test('the examples follow their schemas', async () => {
  const files = readdirSync(`${root}/examples`).filter((name) => name.endsWith('.yaml'));
  const objects = files.flatMap((name) => read(readFileSync(`${root}/examples/${name}`, 'utf8')));
  expect(objects.length).toBeGreaterThan(0);
  // The operator of external secrets is not among those that the manifests use, and its schemas are not installed.
  const known = objects.filter(({ apiVersion }) => !apiVersion.startsWith('external-secrets.io/'));
  expect(await findSchemaErrors(known)).toEqual([]);
});
