export { readDatabaseConfig } from './config.ts';
export { runStack } from './run-stack.ts';
export { generateKey, readKeyFile, replaceAccessTokenKeys, rotateAccessTokenKeys } from './keys/key-file.ts';
export { type ListedKey, ROTATION_TIMES, findKeyState } from './keys/key-list.ts';
export { type NatsOptions, type NatsServer, startNats } from './nats/start.ts';
export { type NatsPermissions, type NatsUser, natsUsers, OPERATOR } from './nats/users.ts';
export { ensureDatabases, type ServiceDatabase } from './postgres/databases.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres/start.ts';
export { useTemporaryPostgres } from './postgres/temporary.ts';
export { freePort, freePortRange } from './process/ports.ts';
export { syncDirectory, writeSynced } from './process/synced-file.ts';
export { isRunning, readLock } from './stack/data-dir.ts';
export { type EmbeddedDatabases, embeddedDatabaseUrl, startEmbeddedDatabases } from './stack/embedded-databases.ts';
export { ACCESS_TOKEN_KEYS_FILE, generateSymmetricKey, readSecretFile } from './stack/secrets.ts';
export { fillDataDir, startStack } from './stack/start-stack.ts';
export {
  type Mailbox,
  type ProcessName,
  processNames,
  type Stack,
  type StackOptions,
  type StackPorts,
  type StackService,
} from './stack/types.ts';
export { processStartedAt } from './process/identity.ts';
