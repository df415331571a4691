import {
  mapServices,
  nameVariables,
  type ServiceDefinition,
  type ServiceName,
  serviceNames,
  services,
  tokenIssuer,
  topology,
} from '@shop/contracts';
import { brokerStorageBytes, permissionsFor } from '@shop/messaging';
import type { CommittedGenerator } from '../generate/generator.ts';
import { updateBlocks } from './blocks.ts';

const composeFile = 'docker-compose.yml';
const devComposeFile = 'docker-compose.dev.yml';
const envExample = '.env.example';

/** Writes the parts of the compose files and .env.example that name subgraphs. */
export const containers: CommittedGenerator = {
  kind: 'committed',
  name: 'containers',
  inputs: () => ['packages/contracts/src', 'packages/messaging/src', composeFile, devComposeFile, envExample],
  run: (project) => ({
    [composeFile]: updateComposeFile(project.require(composeFile)),
    [devComposeFile]: updateDevComposeFile(project.require(devComposeFile)),
    [envExample]: updateEnvExample(project.require(envExample)),
  }),
};

/**
 * Rewrites the blocks of `docker-compose.yml` that follow from the table of services. Everything outside the blocks stays, comments
 * included. Variables that only one subgraph reads are outside: in the top-level map `x-<name>-variables`.
 *
 * @param text - The file with its markers: `# generated: <block>` and `# end of generated`.
 * @throws ExpectedError when a block is missing
 */
export function updateComposeFile(text: string): string {
  return updateBlocks(composeFile, text, {
    'database URLs': serviceNames.map(
      (name) => `${nameVariables(name).databaseUrl}: &${name}-database ${describeDatabaseUrl(name)}`,
    ),
    seeds: joinEntries(serviceNames.filter((name) => services[name].hasSeed).map(describeSeed)),
    subgraphs: joinEntries(serviceNames.map((name) => describeSubgraph(name, text))),
    'subgraph URLs': serviceNames.map((name) => `${nameVariables(name).url}: http://${name}:${services[name].port}`),
    'subgraphs to wait for': serviceNames.map((name) => `${name}: { condition: service_healthy }`),
    databases: describeDatabases(),
    'users of the broker': describeBroker(),
  });
}

/**
 * Rewrites the blocks of `docker-compose.dev.yml` that follow from the table of services.
 *
 * @throws ExpectedError when a block is missing
 */
export function updateDevComposeFile(text: string): string {
  return updateBlocks(devComposeFile, text, {
    'database URLs': serviceNames.flatMap((name) => [
      `${nameVariables(name).databaseUrl}: >-`,
      `  ${describeDatabaseUrl(name)}`,
    ]),
    'databases of pgAdmin': describeRegisteredServers(),
  });
}

/**
 * Rewrites the blocks of `.env.example` that follow from the table of services.
 *
 * @throws ExpectedError when a block is missing
 */
export function updateEnvExample(text: string): string {
  const variables = serviceNames.map((name) => ({ name, port: services[name].port, variables: nameVariables(name) }));
  return updateBlocks(envExample, text, {
    passwords: [
      ...variables.map((each) => `${each.variables.databasePassword}=`),
      ...variables.map((each) => `${each.variables.natsPassword}=`),
    ],
    'subgraph URLs': variables.map((each) => `# ${each.variables.url}=http://127.0.0.1:${each.port}`),
    ports: variables.map((each) => `# ${each.variables.port}=${each.port}`),
    sockets: variables.map((each) => `# ${each.variables.socket}=/run/shop/${each.name}.sock`),
    'database URLs': variables.map(
      (each) =>
        `# ${each.variables.databaseUrl}=postgres://shop_${each.name}:password@127.0.0.1:5432/shop_${each.name}`,
    ),
    'poolers and replicas': variables.flatMap((each) => [
      `# ${each.variables.databaseDirectUrl}=`,
      `# ${each.variables.databaseReadUrls}=`,
    ]),
  });
}

/** The value of a variable that `npm run secrets` generates. */
function requireVariable(name: string): string {
  return `\${${name}:?run npm run secrets}`;
}

function describeSeed(name: ServiceName): string[] {
  const accounts = [
    'ADMIN_EMAIL: ${ADMIN_EMAIL:-admin@example.com}',
    `ADMIN_PASSWORD: ${requireVariable('ADMIN_PASSWORD')}`,
    'DEMO_PASSWORD: ${DEMO_PASSWORD:-}',
  ];
  return [
    `${name}-seed:`,
    '  <<: *app',
    '  restart: "no"',
    `  command: [node, dist/${name}-seed.js]`,
    '  environment:',
    '    <<: *environment',
    `    ${nameVariables(name).databaseUrl}: *${name}-database`,
    ...(name === tokenIssuer ? accounts.map((line) => `    ${line}`) : []),
    '    SEED: ${SEED:-demo}',
    '  depends_on:',
    '    migrate: { condition: service_completed_successfully }',
  ];
}

function describeSubgraph(name: ServiceName, text: string): string[] {
  const { port, hasSeed, sendsMail = false }: ServiceDefinition = services[name];
  const variables = nameVariables(name);
  const hasOwnVariables = new RegExp(`^x-${name}-variables: &${name}-variables$`, 'm').test(text);
  return [
    `${name}:`,
    '  <<: *app',
    `  command: [node, dist/${name}.js]`,
    // A mail server is outside.
    ...(sendsMail ? ['  networks: [front, back]'] : []),
    '  environment:',
    hasOwnVariables ? `    <<: [*environment, *${name}-variables]` : '    <<: *environment',
    `    ${variables.port}: "${port}"`,
    `    ${variables.databaseUrl}: *${name}-database`,
    `    NATS_URL: nats://${name}:${requireVariable(variables.natsPassword)}@nats:4222`,
    `    INTERNAL_TOKEN_JWKS: ${requireVariable('INTERNAL_TOKEN_JWKS')}`,
    '  depends_on:',
    `    ${hasSeed ? `${name}-seed` : 'migrate'}: { condition: service_completed_successfully }`,
    '    nats: { condition: service_healthy }',
    '  healthcheck:',
    '    <<: *health',
    `    test: [CMD, bash, scripts/healthcheck.sh, "${port}"]`,
  ];
}

function describeDatabaseUrl(name: ServiceName): string {
  return `postgres://shop_${name}:${requireVariable(nameVariables(name).databasePassword)}@postgres:5432/shop_${name}`;
}

/** The servers that pgAdmin registers at its first start. They are one server with a database and a role for each service. */
function describeRegisteredServers(): string[] {
  const entries = serviceNames.map((name, index) => [
    String(index + 1),
    {
      Name: name,
      Group: 'Shop',
      Host: 'postgres',
      Port: 5432,
      MaintenanceDB: `shop_${name}`,
      Username: `shop_${name}`,
      SSLMode: 'prefer',
    },
  ]);
  const json = JSON.stringify({ Servers: Object.fromEntries(entries) as object }, null, 2);
  return ['pgadmin:', '  content: |', ...json.split('\n').map((line) => `    ${line}`)];
}

function describeDatabases(): string[] {
  const names = Object.values(mapServices((name) => `shop_${name}`));
  return [
    'databases:',
    '  content: |',
    '    REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;',
    ...serviceNames.map(
      (name) =>
        `    CREATE ROLE shop_${name} LOGIN PASSWORD '${requireVariable(nameVariables(name).databasePassword)}';`,
    ),
    ...names.map((name) => `    CREATE DATABASE ${name} OWNER ${name};`),
    `    REVOKE CONNECT, TEMPORARY ON DATABASE ${names.join(', ')} FROM PUBLIC;`,
  ];
}

/** The server's configuration. JSON is a part of its format. Compose reads `$$` as a dollar sign. */
function describeBroker(): string[] {
  const configuration = {
    server_name: 'federated-commerce',
    port: 4222,
    http: '127.0.0.1:8222',
    max_payload: 1024 * 1024,
    max_connections: 1000,
    jetstream: {
      store_dir: '/data',
      max_memory_store: 256 * 1024 ** 2,
      max_file_store: brokerStorageBytes(topology),
      sync_interval: '1s',
    },
    authorization: {
      users: [...[...serviceNames, ...watchers].sort().map(describeUser), describeOperator()],
    },
  };
  const json = JSON.stringify(configuration, null, 2).replaceAll('$JS.', '$$$$JS.');
  return ['nats:', '  content: |', ...json.split('\n').map((line) => `    ${line}`)];
}

/** The processes without a database that read events. */
const watchers: readonly string[] = [...new Set(topology.watches.map(({ watcher }) => watcher))];

function describeUser(name: string): object {
  const { publish, subscribe } = permissionsFor(topology, name);
  return {
    user: name,
    password: requireVariable(`NATS_${name.toUpperCase()}_PASSWORD`),
    permissions: { publish: { allow: publish }, subscribe: { allow: subscribe } },
  };
}

/** The user of an operator's tools, which has all rights. */
function describeOperator(): object {
  return { user: 'ops', password: requireVariable('NATS_OPS_PASSWORD') };
}

/** The lines of several YAML entries, with an empty line between two of them. */
function joinEntries(entries: readonly (readonly string[])[]): string[] {
  return entries.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}
