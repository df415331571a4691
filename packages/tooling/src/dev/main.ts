import { runStack } from '@shop/stack';
import { startDevelopment } from './develop.ts';

await runStack({
  // Clients see the reason of an unexpected error under `npm run dev` only.
  env: { EXPOSE_ERRORS: 'true' },
  inspect: true,
  onReady: (stack) => void startDevelopment(process.cwd(), stack),
});
