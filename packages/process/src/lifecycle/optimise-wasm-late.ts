import { setFlagsFromString } from 'node:v8';

/** Node 20 has 1,800,000; Node 22 and 24 have 13,000,000. */
const BYTES_BEFORE_OPTIMISATION = 50_000_000;

/**
 * Lets V8 optimise a function of WebAssembly only after it has run for long. Prisma's engines have very large functions: optimising
 * those that a start runs takes more processor time, on other threads, than it ever saves, and 40 MB. Functions that stay hot are
 * optimised a few hundred queries later.
 *
 * Applies to modules that are compiled after the call.
 */
export function optimiseWasmLate(): void {
  setFlagsFromString(`--wasm-tiering-budget=${BYTES_BEFORE_OPTIMISATION}`);
}
