import { chooseSize } from '@shop/testing/config';
import { uuidv7 } from '@shop/subgraph';
import { client, password, startScene, type Scene } from '../../test/start-scene.ts';
import type { PasswordHasher } from '../auth/password-hasher.ts';
import type { Dependencies } from './dependencies.ts';
import { login } from './login.ts';

let scene: Scene;
let wrong: string;
let inactive: string;
beforeAll(async () => {
  scene = await startScene();
  const [owner, other] = [await scene.openUser(), await scene.openUser()];
  await scene.dependencies.throttle.remember(owner.email, client.ip);
  await scene.dependencies.database.client.user.update({ where: { id: other.id }, data: { active: false } });
  [wrong, inactive] = [owner.email, other.email];
});
afterAll(() => scene?.stop());

const attempts = {
  wrong: () => ({ email: wrong, password: `${password}!` }),
  unknown: () => ({ email: `${uuidv7()}@example.com`, password }),
  inactive: () => ({ email: inactive, password }),
};
type Kind = keyof typeof attempts;

async function timeOf(dependencies: Dependencies, kind: Kind): Promise<number> {
  const credentials = attempts[kind]();
  const startedAt = performance.now();
  const outcome = await login(dependencies, credentials, client);
  const took = performance.now() - startedAt;
  expect(outcome).toEqual({ kind: 'invalid-credentials' });
  return took;
}

/** Measures all kinds in turn, in changing order, so that other load on the machine affects all of them equally. */
async function measure(rounds: number, kinds: readonly Kind[], dependencies = scene.dependencies) {
  const times = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as Record<Kind, number[]>;
  for (const kind of kinds) await timeOf(dependencies, kind);
  for (let round = 0; round < rounds; round += 1) {
    const order = kinds.map((_, index) => kinds[(index + round) % kinds.length] as Kind);
    for (const kind of order) times[kind].push(await timeOf(dependencies, kind));
  }
  return times;
}

/** The share of pairs in which `left` is faster than `right`: 0.5 if they cannot be distinguished, 0 or 1 if one sample is enough. */
function fasterThan(left: readonly number[], right: readonly number[]): number {
  let wins = 0;
  for (const one of left) for (const other of right) wins += one < other ? 1 : one === other ? 0.5 : 0;
  return wins / (left.length * right.length);
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

// If nothing differs, the standard deviation of the share is 0.04 for 120 samples and 0.02 for 400.
const LEAST = 0.35;
const MOST = 0.65;

const ROUNDS = chooseSize({ short: 120, long: 400 });

test(
  'all kinds of refusals take the same time',
  async () => {
    const times = await measure(ROUNDS, ['wrong', 'unknown', 'inactive']);
    for (const kind of ['unknown', 'inactive'] as const) {
      const share = fasterThan(times[kind], times.wrong);
      expect(share).toBeGreaterThan(LEAST);
      expect(share).toBeLessThan(MOST);
      expect(median(times[kind]) / median(times.wrong)).toBeGreaterThan(0.85);
      expect(median(times[kind]) / median(times.wrong)).toBeLessThan(1.15);
    }
  },
  chooseSize({ short: 120_000, long: 600_000 }),
);

test('the measurement detects a login that does not hash for an unknown account', async () => {
  const { hasher } = scene.dependencies;
  const hasty: PasswordHasher = {
    ...hasher,
    verify: async (hash, given) => hash !== null && hasher.verify(hash, given),
  };
  const times = await measure(20, ['wrong', 'unknown'], { ...scene.dependencies, hasher: hasty });
  expect(fasterThan(times.unknown, times.wrong)).toBeGreaterThan(MOST);
});
