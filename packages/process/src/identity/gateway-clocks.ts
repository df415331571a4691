import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { clockExchange, internalToken } from './internal-token.ts';

/** What a subgraph knows about the clock of one gateway process. */
export interface GatewayClock {
  /** The gateway's time in milliseconds. It is late by no more than the clocks' drift, and early by a round trip at most. */
  now(): number;
  /** Converts a time of the gateway to the steady clock of this process. */
  toSteady(gatewayMs: number): number;
  /** Tokens that the gateway signed before this time of its clock are refused. */
  readonly notBefore: number;
}

/** The clocks of all gateway processes that have proven their time. */
export interface GatewayClocks {
  find(instance: string): GatewayClock | undefined;
  /** Creates a challenge. It is not stored: it names its own time, under a MAC. */
  challenge(): string;
  /** Records the time `gatewayMs` at which a gateway signed its answer. Ignores it when no challenge is ours and recent. */
  record(instance: string, gatewayMs: number, challenges: readonly string[]): void;
  /** Forgets all clocks, so that every gateway must prove its time again. */
  forget(): void;
}

interface Measurement {
  /** The gateway's time minus the steady time of this process. */
  readonly offsetMs: number;
  readonly notBefore: number;
}

/** A gateway has a new instance id at each start. Those of stopped gateways are displaced. */
const MAX_INSTANCES = 1_000;

/** @param steady milliseconds since any fixed moment, by a clock that nobody sets */
export function createGatewayClocks(steady: () => number): GatewayClocks {
  const key = randomBytes(32);
  const measured = new Map<string, Measurement>();
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();

  /** Returns when we issued a challenge, or undefined for one of others or for an old one. */
  function readChallenge(challenge: string): number | undefined {
    const [text = '', mac = ''] = challenge.split('|');
    const given = Buffer.from(mac, 'base64url');
    const expected = sign(text);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const issuedAt = Number(text);
    return steady() - issuedAt <= clockExchange.maxSeconds * 1000 ? issuedAt : undefined;
  }

  return {
    find(instance) {
      const measurement = measured.get(instance);
      if (measurement === undefined) return undefined;
      const { offsetMs, notBefore } = measurement;
      return { now: () => steady() + offsetMs, toSteady: (gatewayMs) => gatewayMs - offsetMs, notBefore };
    },
    challenge() {
      const text = steady().toFixed(3);
      return `${text}|${sign(text).toString('base64url')}`;
    },
    record(instance, gatewayMs, challenges) {
      const times = challenges.map(readChallenge).filter((time) => time !== undefined);
      if (times.length === 0) return;
      // The gateway signed after it got the challenge. So its clock may be earlier than this, and never later: an estimate that is
      // wrong makes tokens seem older. A repeated proof gives the same result.
      const offsetMs = gatewayMs - Math.max(...times);
      const known = measured.get(instance);
      const isBackward = known !== undefined && offsetMs < known.offsetMs - internalToken.clockToleranceSeconds * 1000;
      // Moving the estimate back would make old tokens young again. So none that is older than the proof remains valid.
      const notBefore = known === undefined || isBackward ? gatewayMs : known.notBefore;
      measured.delete(instance);
      measured.set(instance, { offsetMs, notBefore });
      const oldest = measured.keys().next();
      if (measured.size > MAX_INSTANCES && !oldest.done) measured.delete(oldest.value);
    },
    forget: () => measured.clear(),
  };
}
