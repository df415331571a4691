/**
 * The arrows of docs/architecture.md as rules. packages/tooling runs them, and its test
 * plants a violation of each, so a rule that cannot fail is noticed.
 */
const test = '\\.test\\.ts$|/test/';
const prismaClient = '^subgraphs/[^/]+/src/db/generated/|(^|/)node_modules/@prisma/';
const natsClient = '(^|/)node_modules/(nats|@nats-io)(/|$)';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-cycle', 'Files that need each other cannot be understood one at a time.', {}, { circular: true }),
    rule('no-unresolvable', 'An import must lead somewhere.', {}, { couldNotResolve: true }),
    rule(
      'declared-in-package',
      "What a workspace imports stands in its package.json, or in the root's for tests.",
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    rule('not-to-test', 'What runs does not import tests.', { pathNot: test }, { path: test }),
    rule(
      'testing-only-in-tests',
      'Fixtures stay out of what runs.',
      { pathNot: `${test}|^packages/testing/|^(e2e|bench)/` },
      { path: '^packages/testing/' },
    ),

    rule(
      'gateway-to-subgraph',
      'The gateway knows the supergraph only.',
      { path: '^gateway/' },
      { path: '^subgraphs/' },
    ),
    rule(
      'subgraph-to-subgraph',
      'What crosses a subgraph is an event or a federated field.',
      { path: '^subgraphs/([^/]+)/' },
      { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    ),
    rule(
      'subgraph-to-gateway',
      'A subgraph does not know who stands in front.',
      { path: '^subgraphs/' },
      { path: '^gateway/' },
    ),
    rule(
      'package-to-service',
      'Packages are below the services.',
      { path: '^packages/' },
      { path: '^(gateway|subgraphs)/' },
    ),
    rule(
      'service-to-program',
      'What a person runs beside the system is above it: nothing that runs within knows it.',
      { path: '^(packages|gateway|subgraphs)/' },
      { path: '^(clients|cli|examples)/' },
    ),
    rule(
      'program-to-service',
      'A client speaks GraphQL, and a command reads databases: neither knows the code of a service.',
      { path: '^(clients|cli)/', pathNot: test },
      { path: '^(gateway|subgraphs)/' },
    ),
    rule(
      'example-to-internals',
      'An example shows what others can use: the entry that is made for them.',
      { path: '^examples/' },
      { path: '^(packages|gateway|subgraphs|clients|cli)/', pathNot: '^gateway/src/signing/index\\.ts$' },
    ),
    rule(
      'client-to-database',
      'A client goes through the API, as everyone outside does.',
      { path: '^clients/', pathNot: test },
      { path: '^(cli|packages/(stack|messaging|migrations))/|(^|/)node_modules/pg(/|$)' },
    ),
    rule(
      'contracts-to-ours',
      'The published language depends on nothing of ours.',
      { path: '^packages/contracts/', pathNot: test },
      { path: '^(packages|gateway|subgraphs)/', pathNot: '^packages/contracts/' },
    ),
    rule(
      'process-without-graphql',
      'A process without GraphQL can use what every process has.',
      { path: '^packages/process/', pathNot: test },
      { path: '^packages/(graphql|access|subgraph)/|(^|/)node_modules/(graphql|@apollo)(/|$)' },
    ),
    rule(
      'messaging-to-ours',
      'The messaging package stands alone.',
      { path: '^packages/messaging/', pathNot: test },
      { path: '^(packages|gateway|subgraphs)/', pathNot: '^packages/messaging/' },
    ),

    rule(
      'domain-is-pure',
      'Decisions are functions of their arguments: the domain imports nothing but itself.',
      { path: '^subgraphs/([^/]+)/src/domain/', pathNot: test },
      { pathNot: '^subgraphs/$1/src/domain/' },
    ),
    rule(
      'resolver-to-db',
      'A resolver calls one use-case, or a loader of its context; of db/ it may know types.',
      { path: '^subgraphs/[^/]+/src/resolvers/', pathNot: test },
      { path: '^subgraphs/[^/]+/src/(db|events)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'use-case-upwards',
      'A use-case does not know who calls it.',
      { path: '^subgraphs/[^/]+/src/use-cases/', pathNot: test },
      {
        path: '^subgraphs/[^/]+/src/(resolvers/|context\\.ts|config\\.ts|server\\.ts|events/consume|jobs/)|^subgraphs/[^/]+/subgraph\\.ts',
      },
    ),
    rule(
      'db-upwards',
      'Rows become domain, and nothing else is above them.',
      { path: '^subgraphs/[^/]+/src/db/', pathNot: test },
      { path: '^subgraphs/[^/]+/src/(resolvers|use-cases|events|jobs)/|^subgraphs/[^/]+/(src/)?[^/]+\\.ts$' },
    ),
    rule(
      'prisma-only-in-db',
      'Prisma stays under src/db, beside the schema engine in packages/migrations.',
      { pathNot: '^subgraphs/[^/]+/src/db/|^packages/migrations/' },
      { path: prismaClient },
    ),
    rule(
      'nats-only-in-messaging',
      'Moving to another NATS client is the work of one package.',
      { pathNot: '^packages/messaging/' },
      { path: natsClient },
    ),
    rule(
      'tracing-sdk-in-one-file',
      "A process that exports no traces loads nothing of OpenTelemetry's SDK, only its API.",
      { pathNot: `${test}|^packages/process/src/telemetry/tracing/tracing-sdk\\.cjs$` },
      { path: '(^|/)node_modules/@opentelemetry/(?!api/)' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Written by Prisma and code generators; what matters is who imports it. clients/codegen/src is an app of its own.
    exclude: { path: '^subgraphs/[^/]+/src/db/generated/(internal|models)|^clients/codegen/(src|generated)/|/dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    detectJSDocImports: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@shop/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
