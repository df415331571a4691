import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { launch, type LaunchMode } from './launch.ts';

// The build gives this program the name of each server: `dist/order.js` launches `dist/order.cjs`.
const bundle = fileURLToPath(import.meta.url).replace(/\.js$/, '.cjs');
// V8 would let a place of the code whose first objects live long put all later ones among the old objects, for good. The garbage of a
// server's requests would stay there, with all that it refers to. See docs/decisions/072-no-place-of-the-code-makes-old-objects.md.
if (isMainThread) setFlagsFromString('--no-allocation-site-pretenuring');

const mode: LaunchMode = isMainThread && process.argv[2] === '--write-code-cache' ? 'write code cache' : 'run';
launch(bundle, mode);
