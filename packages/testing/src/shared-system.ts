import { askHost } from './shared-servers/ask-host.ts';
import type { SharedSystem } from './shared-servers/system.ts';

/**
 * The system that the test files of this run share, with the demo data. The first file that asks starts it. A file works
 * with data of its own; one that stops processes or changes the configuration starts its own with `startTestStack`.
 */
export async function useSharedSystem(): Promise<SharedSystem> {
  return (await askHost('POST', 'system')) as SharedSystem;
}
