import * as contracts from '@shop/contracts';
import type { CommittedGenerator } from '../generate/generator.ts';

/** Writes docs/events.md from the event contracts. */
export const eventsReference: CommittedGenerator = {
  kind: 'committed',
  name: 'events reference',
  inputs: () => ['packages/contracts/src'],
  run: () => ({ 'docs/events.md': contracts.describeEvents(Object.values(contracts).filter(isEvent)) }),
};

function isEvent(value: unknown): value is contracts.EventContract<unknown> {
  return typeof value === 'object' && value !== null && 'schema' in value && 'type' in value && 'source' in value;
}
