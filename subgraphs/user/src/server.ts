import { readFileSync } from 'node:fs';
import { streams, topology } from '@shop/contracts';
import { connectBroker, startHousekeeping, startRelay } from '@shop/messaging';
import { createInternalTokenVerifier, createLogger, runService, sqlOver, startSubgraph } from '@shop/service';
import { createAccessTokens } from './auth/access-tokens.ts';
import { createPasswordHasher } from './auth/password-hasher.ts';
import { readConfig } from './config.ts';
import { createContextFactory } from './context.ts';
import { openDatabase } from './db/database.ts';
import { resolvers } from './resolvers/index.ts';

runService('user', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'user', level: config.LOG_LEVEL });
  const databaseUrl = config.USER_DATABASE_URL;

  const database = openDatabase(databaseUrl);
  onStop('database', () => database.close());

  const broker = await connectBroker({ url: config.NATS_URL, service: 'user', topology, logger });
  onStop('broker', () => broker.close());

  const relay = await startRelay({ databaseUrl, broker, stream: streams.user, logger });
  onStop('relay', () => relay.stop());

  const housekeeping = startHousekeeping({ sql: sqlOver(database.client), logger });
  onStop('housekeeping', () => housekeeping.stop());

  const accessTokens = await createAccessTokens({
    privateJwk: config.ACCESS_TOKEN_KEY,
    issuer: config.ACCESS_TOKEN_ISSUER,
    audience: config.ACCESS_TOKEN_AUDIENCE,
  });
  const hasher = await createPasswordHasher();

  const subgraph = await startSubgraph({
    name: 'user',
    host: config.HOST,
    port: config.USER_PORT,
    logger,
    typeDefs: readFileSync('subgraphs/user/schema.graphql', 'utf8'),
    resolvers,
    verifyToken: createInternalTokenVerifier({ jwks: config.INTERNAL_TOKEN_JWKS, audience: 'user' }),
    createContext: createContextFactory({ database, hasher, accessTokens, now: () => new Date() }),
    readiness: { database: () => database.ping() },
    routes: (app) => app.get('/.well-known/jwks.json', () => accessTokens.jwks),
  });
  onStop('http', () => subgraph.close());
});
