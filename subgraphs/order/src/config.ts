import { fields, loadConfig } from '@shop/process';

/** The order subgraph's environment; the only reader of process.env here. */
export const readConfig = (env = process.env) =>
  loadConfig(
    'order',
    {
      LOG_LEVEL: fields.logLevel(),
      HOST: fields.host(),
      ORDER_PORT: fields.port(4003),
      ORDER_DATABASE_URL: fields.postgresUrl(),
      NATS_URL: fields.natsUrl(),
      INTERNAL_TOKEN_JWKS: fields.publicJwks(),
      RESERVATION_SECONDS: fields.integer(900, 1, 2_592_000),
    },
    env,
  );
