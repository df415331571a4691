import argon2 from 'argon2';

/** OWASP's parameters for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Thrown when more hashes are waiting than the queue holds. */
export class HasherBusyError extends Error {
  constructor() {
    super('Too many passwords are being hashed.');
    this.name = 'HasherBusyError';
  }
}

export interface PasswordHasher {
  /** Throws HasherBusyError. */
  hash(password: string): Promise<string>;
  /** Takes the same time for an unknown account (`null`) as for a wrong password. Throws HasherBusyError. */
  verify(hash: string | null, password: string): Promise<boolean>;
  needsRehash(hash: string): boolean;
}

/**
 * Hashes on libuv's threads, off the event loop: at most `concurrency` at once (default 2, so that other requests get
 * threads), with at most `queue` waiting (default 64).
 */
export async function createPasswordHasher({ concurrency = 2, queue = 64 } = {}): Promise<PasswordHasher> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const limited = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) throw new HasherBusyError();
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
  const dummyPasswordHash = await argon2.hash('the password of nobody', PARAMETERS);
  return {
    hash: (password) => limited(() => argon2.hash(password, PARAMETERS)),
    verify: (hash, password) =>
      limited(async () => {
        const matches = await argon2.verify(hash ?? dummyPasswordHash, password);
        return matches && hash !== null;
      }),
    needsRehash: (hash) => argon2.needsRehash(hash, PARAMETERS),
  };
}
