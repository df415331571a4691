import { type OtlpReceiver, startOtlpReceiver } from '@shop/testing';
import { runCommand } from '../cli/test/run-command.ts';
import { testCatalogueFiles } from './own-settings/catalogue-file.ts';
import { testSignIn } from './own-settings/sign-in.ts';
import { testTraces } from './own-settings/traces.ts';
import { openShop, type Shop } from './shop.ts';

let collector: OtlpReceiver;
let shop: Shop;

/** The settings of all scenarios below, since none disturbs the others. */
beforeAll(async () => {
  collector = await startOtlpReceiver();
  shop = await openShop({
    env: {
      TRUST_PROXY: '127.0.0.1',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-shop',
      // Only the requests that ask for it are recorded.
      OTEL_TRACES_SAMPLER_ARG: '0',
      TRACE_CLIENT_SAMPLING: 'honour',
      // The outlines are those of a system in which no resolver is slow.
      TRACE_SLOW_RESOLVER_MS: '600000',
    },
  });
});
afterAll(async () => {
  await shop?.stop();
  await collector?.stop();
});

describe('traces', () => testTraces(() => ({ shop, collector })));
describe('files with the catalogue', () => testCatalogueFiles(() => shop, runCommand));
describe('signing in', () => testSignIn(() => shop));
