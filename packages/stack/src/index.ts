export { readDatabaseConfig } from './config.ts';
export { generateKey, readKeyFile, replaceAccessTokenKeys, rotateAccessTokenKeys } from './keys/key-file.ts';
export { type ListedKey, ROTATION_TIMES, stateOf } from './keys/key-list.ts';
export { type NatsOptions, type NatsServer, startNats } from './nats/start.ts';
export { type NatsPermissions, type NatsUser, natsUsers, OPERATOR } from './nats/users.ts';
export { ensureDatabases, type ServiceDatabase } from './postgres/databases.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres/start.ts';
export { useTemporaryPostgres } from './postgres/temporary.ts';
export { freePort } from './process/ports.ts';
export { isRunning, readLock } from './stack/data-dir.ts';
export { embeddedDatabaseUrl, migrateAll } from './stack/database.ts';
export { ACCESS_TOKEN_KEYS_FILE, readSecretFile } from './stack/secrets.ts';
export { startStack } from './stack/start-stack.ts';
export { type ProcessName, type Stack, type StackOptions, type StackPorts } from './stack/types.ts';
export { processStartedAt } from './process/identity.ts';
/** @deprecated */
import { serviceNames } from '@shop/contracts';
export { type ServiceName as SubgraphName } from '@shop/contracts';
export const SUBGRAPHS = serviceNames;
