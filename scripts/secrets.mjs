/**
 * Writes .env from .env.example with new passwords and keys, for docker compose. An existing .env is never touched: what
 * it holds opens the databases that were made with it.
 *
 *   node scripts/secrets.mjs [--output <file>]
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const keyId = () => randomBytes(8).toString('hex');
const password = () => randomBytes(24).toString('hex');

function privateJwk() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid: keyId(), alg: 'EdDSA', use: 'sig' };
}

const internalKey = privateJwk();
const internalPublic = { ...internalKey, d: undefined };
const keys = {
  INTERNAL_TOKEN_KEY: internalKey,
  INTERNAL_TOKEN_JWKS: { keys: [internalPublic] },
  ACCESS_TOKEN_KEY: privateJwk(),
};

/** Single quotes: docker compose takes what is between them as it is. */
const fill = (name) => `${name}='${name in keys ? JSON.stringify(keys[name]) : password()}'`;

const { values } = parseArgs({ options: { output: { type: 'string', default: '.env' } } });
const example = readFileSync('.env.example', 'utf8');
try {
  // Only the owner may read it.
  writeFileSync(
    values.output,
    example.replace(/^([A-Z_]+)=$/gm, (_line, name) => fill(name)),
    { flag: 'wx', mode: 0o600 },
  );
  console.log(`${values.output} is written, with new secrets. The administrator's password is its ADMIN_PASSWORD.`);
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  console.error(`${values.output} exists already and was left as it is: the databases were made with its passwords.`);
  process.exitCode = 1;
}
