import { describeService } from '@shop/contracts';
import { defineSubgraph, type SubgraphResources } from '@shop/subgraph';
import { createAccessTokens } from './src/auth/access-tokens.ts';
import { createAddressSealer } from './src/auth/address-sealer.ts';
import { openAccessTokenKeys } from './src/auth/open-access-token-keys.ts';
import { createPasswordHasher } from './src/auth/password-hasher.ts';
import { THROTTLE_CONNECTIONS } from './src/auth/throttle-limiters.ts';
import { openThrottle } from './src/auth/throttle.ts';
import { readConfig } from './src/config.ts';
import { createContext } from './src/context.ts';
import { openDatabase, type Database } from './src/db/database.ts';
import { gauges } from './src/db/gauges.ts';
import { countOverdue } from './src/db/overdue.ts';
import { answers } from './src/events/answer.ts';
import { jobs } from './src/jobs/jobs.ts';
import { resolvers } from './src/resolvers/index.ts';

type Resources = SubgraphResources<Database, ReturnType<typeof readConfig>>;

async function createDependencies({ config, databaseUrl, logger, onStop }: Resources) {
  const keys = await openAccessTokenKeys(config.accessTokenKeys, logger);
  onStop('access token keys', () => keys.stop());
  const throttle = openThrottle(databaseUrl, config.throttle);
  onStop('throttle', () => throttle.close());
  return {
    accessTokens: createAccessTokens({
      keys: keys.current,
      issuer: config.ACCESS_TOKEN_ISSUER,
      audience: config.ACCESS_TOKEN_AUDIENCE,
    }),
    hasher: await createPasswordHasher(),
    throttle,
    sealer: createAddressSealer(config.formerAddressKey),
  };
}

export const user = defineSubgraph({
  service: describeService('user'),
  schema: 'subgraphs/user/schema.graphql',
  resolvers,
  openDatabase,
  furtherConnections: THROTTLE_CONNECTIONS,
  readConfig,
  createDependencies,
  createContext,
  answers,
  jobs,
  countOverdue,
  gauges,
  addRoutes: (app, { accessTokens }) => app.get('/.well-known/jwks.json', () => accessTokens.jwks),
});
