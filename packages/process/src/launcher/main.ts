import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { launch, type LaunchMode } from './launch.ts';

// The build gives this program the name of each server: `dist/order.js` launches `dist/order.cjs`.
const bundle = fileURLToPath(import.meta.url).replace(/\.js$/, '.cjs');
const mode: LaunchMode = isMainThread && process.argv[2] === '--write-code-cache' ? 'write code cache' : 'run';
launch(bundle, mode);
