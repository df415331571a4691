import { loadHivePlanner, requireHivePlanner } from '../src/planning/hive-planner.ts';

/** Why a test of Hive's planner is skipped, for the end of its title. Null when its package can be loaded. */
export function whyNoHivePlanner(): string | null {
  try {
    requireHivePlanner();
    return null;
  } catch {
    return 'the package of Hive’s planner cannot be loaded';
  }
}

/** `test`, or a skipped test with the reason in its title. */
export function testHive(title: string, work: () => Promise<void>, timeoutMs?: number): void {
  const reason = whyNoHivePlanner();
  if (reason === null) test(title, work, timeoutMs);
  else test.skip(`${title} (skipped: ${reason})`, work);
}

/** Plans in this process, without a thread. @throws Error with the reason when the planner refuses the operation */
export function createHivePlanner(supergraphSdl: string): (text: string) => object {
  const planner = new (loadHivePlanner())(supergraphSdl);
  return (text) => ({ ...planner.plan(text, undefined, new Set(), 100), planner: 'hive' });
}
