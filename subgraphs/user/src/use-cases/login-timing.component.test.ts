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

/** The time of one attempt. */
interface Sample {
  /** Milliseconds until the answer, as the client sees it. */
  readonly elapsed: number;
  /** Milliseconds of processor time in this process, which hashes. Other programs on the machine hardly change it. */
  readonly processor: number;
}

async function take(dependencies: Dependencies, kind: Kind): Promise<Sample> {
  const credentials = attempts[kind]();
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const outcome = await login(dependencies, credentials, client);
  const [elapsed, { user, system }] = [performance.now() - startedAt, process.cpuUsage(before)];
  expect(outcome).toEqual({ kind: 'invalid-credentials' });
  return { elapsed, processor: (user + system) / 1_000 };
}

/** Measures all kinds in turn, in changing order, so that other load on the machine affects all of them equally. */
async function measure(rounds: number, kinds: readonly Kind[], dependencies = scene.dependencies) {
  const times = Object.fromEntries(kinds.map((kind) => [kind, [] as Sample[]])) as Record<Kind, Sample[]>;
  for (const kind of kinds) await take(dependencies, kind);
  for (let round = 0; round < rounds; round += 1) {
    const order = kinds.map((_, index) => kinds[(index + round) % kinds.length] as Kind);
    for (const kind of order) times[kind].push(await take(dependencies, kind));
  }
  return times;
}

/** The share of pairs in which `left` is faster than `right`: 0.5 if they cannot be distinguished, 0 or 1 if one sample is enough. */
function fasterThan(left: readonly Sample[], right: readonly Sample[]): number {
  let wins = 0;
  for (const { elapsed: one } of left)
    for (const { elapsed: other } of right) wins += one < other ? 1 : one === other ? 0.5 : 0;
  return wins / (left.length * right.length);
}

/** The median of the processor times. That of the elapsed times varies by more than the limits on a busy machine. */
function median(samples: readonly Sample[]): number {
  const times = samples.map(({ processor }) => processor).toSorted((one, other) => one - other);
  return times[Math.floor(times.length / 2)] ?? 0;
}

// If nothing differs, the standard deviation of the share is 0.04 for 120 samples and 0.02 for 400.
const LEAST = 0.35;
const MOST = 0.65;

const ROUNDS = chooseSize({ short: 120, long: 400 });

test('all kinds of refusals take the same time', async () => {
  const times = await measure(ROUNDS, ['wrong', 'unknown', 'inactive']);
  for (const kind of ['unknown', 'inactive'] as const) {
    const share = fasterThan(times[kind], times.wrong);
    expect(share).toBeGreaterThan(LEAST);
    expect(share).toBeLessThan(MOST);
    expect(median(times[kind]) / median(times.wrong)).toBeGreaterThan(0.85);
    expect(median(times[kind]) / median(times.wrong)).toBeLessThan(1.15);
  }
}, 600_000);

test('the measurement detects a login that does not hash for an unknown account', async () => {
  const { hasher } = scene.dependencies;
  const hasty: PasswordHasher = {
    ...hasher,
    verify: async (hash, given) => hash !== null && hasher.verify(hash, given),
  };
  const times = await measure(20, ['wrong', 'unknown'], { ...scene.dependencies, hasher: hasty });
  expect(fasterThan(times.unknown, times.wrong)).toBeGreaterThan(MOST);
});
