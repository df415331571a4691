import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { isLongRun } from '@shop/testing/config';
import { createSigningKey } from '../gateway/test/keys.ts';

const canIsolate =
  process.platform === 'linux' && spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'type', 'veth']).status === 0;
const reason = canIsolate ? '' : ' (skipped: no network namespace can be made)';

interface Observed {
  readonly isReady: boolean;
  readonly packets: number;
  readonly log: string;
}

/** Starts the gateway in a network of its own, and returns how many packets it sent to other hosts. */
async function observeGateway(env: NodeJS.ProcessEnv): Promise<Observed> {
  return observe(['dist/gateway.js'], env);
}

async function observe(program: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Observed> {
  const { privateJwk } = await createSigningKey('internal-1');
  const args = ['--net', process.execPath, '--import', 'tsx', 'e2e/outside/observe.ts', ...program];
  const { stdout } = await promisify(execFile)('unshare', args, {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      GATEWAY_PORT: '4000',
      INTERNAL_TOKEN_KEY: JSON.stringify(privateJwk),
      NATS_URL: 'nats://127.0.0.1:4222',
      ...env,
    },
    timeout: 100_000,
  });
  return JSON.parse(stdout) as Observed;
}

(canIsolate ? test : test.skip)(
  `the gateway reaches for nothing outside at its start${reason}`,
  async () => {
    const nothing = { isReady: true, packets: 0, log: '' };
    // The next start has reasons to send more.
    if (isLongRun()) expect(await observeGateway({})).toEqual(nothing);
    // An account at Apollo, as on the machine of somebody who uses its tools.
    const account = { APOLLO_KEY: 'service:shop:secret', APOLLO_GRAPH_REF: 'shop@current' };
    expect(await observeGateway({ APOLLO_TELEMETRY_DISABLED: 'false', ...account })).toEqual(nothing);
    // A request that goes out, to see that the observation would show it.
    const program = `fetch('http://169.254.169.254/').catch(() => {}); console.log('{"msg":"ready"}')`;
    const { isReady, packets } = await observe(['--eval', program]);
    expect(isReady).toBe(true);
    expect(packets).toBeGreaterThan(0);
  },
  240_000,
);
