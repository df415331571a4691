import { runStack } from '@shop/stack';
import { startDevelopment } from './develop.ts';

// Clients see the reason of an unexpected error under `npm run dev` only.
await runStack({ EXPOSE_ERRORS: 'true' }, (stack) => void startDevelopment(process.cwd(), stack));
