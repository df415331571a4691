import { readFileSync } from 'node:fs';
import { findStream, topology } from '@shop/contracts';
import { connectBroker, isTransientDatabaseError, startHousekeeping, startRelay } from '@shop/messaging';
import { createInternalTokenVerifier, createLogger, runService } from '@shop/process';
import { sqlOver, startSubgraph } from '@shop/subgraph';
import { createAccessTokens } from './auth/access-tokens.ts';
import { openAccessTokenKeys } from './auth/open-access-token-keys.ts';
import { createPasswordHasher } from './auth/password-hasher.ts';
import { openThrottle } from './auth/throttle.ts';
import { readConfig } from './config.ts';
import { createContextFactory } from './context.ts';
import { openDatabase } from './db/database.ts';
import { startSessionHousekeeping } from './housekeeping.ts';
import { resolvers } from './resolvers/index.ts';

runService('user', async ({ onStop }) => {
  const config = readConfig();
  const logger = createLogger({ service: 'user', level: config.LOG_LEVEL });
  const databaseUrl = config.USER_DATABASE_URL;

  const database = openDatabase(databaseUrl);
  onStop('database', () => database.close());

  const broker = await connectBroker({ url: config.NATS_URL, service: 'user', topology, logger });
  onStop('broker', () => broker.close());

  const relay = await startRelay({ databaseUrl, broker, stream: findStream('user'), logger });
  onStop('relay', () => relay.stop());

  const housekeeping = startHousekeeping({ sql: sqlOver(database.client), logger });
  onStop('housekeeping', () => housekeeping.stop());

  const now = () => new Date();
  const sessionHousekeeping = startSessionHousekeeping({ database, now }, logger);
  onStop('session housekeeping', () => sessionHousekeeping.stop());

  const keys = await openAccessTokenKeys(config.accessTokenKeys, logger);
  onStop('access token keys', () => keys.stop());
  const accessTokens = createAccessTokens({
    keys: keys.current,
    issuer: config.ACCESS_TOKEN_ISSUER,
    audience: config.ACCESS_TOKEN_AUDIENCE,
  });
  const hasher = await createPasswordHasher();
  const throttle = openThrottle(databaseUrl, config.throttle);
  onStop('throttle', () => throttle.close());

  const subgraph = await startSubgraph({
    name: 'user',
    host: config.HOST,
    port: config.USER_PORT,
    logger,
    typeDefs: readFileSync('subgraphs/user/schema.graphql', 'utf8'),
    resolvers,
    verifyToken: createInternalTokenVerifier({ jwks: config.INTERNAL_TOKEN_JWKS, audience: 'user' }),
    createContext: createContextFactory({ database, hasher, throttle, accessTokens, now }, logger),
    readiness: { database: () => database.ping() },
    waits: { broker: () => broker.requireConnected() },
    isUnavailable: isTransientDatabaseError,
    routes: (app) => app.get('/.well-known/jwks.json', () => accessTokens.jwks),
  });
  onStop('http', () => subgraph.close());
});
