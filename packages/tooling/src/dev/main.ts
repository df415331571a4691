import { runStack } from '@shop/stack';
import { startDevelopment } from './develop.ts';

// Clients see the reason of an unexpected error under `npm run dev` only.
const env = { ...process.env, EXPOSE_ERRORS: '1' };

await runStack(env, (stack) => void startDevelopment(process.cwd(), stack));
