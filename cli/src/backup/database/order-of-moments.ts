import { findFollowers, type ServiceName, serviceNames } from '@shop/contracts';

/**
 * Orders databases by how many services follow theirs, those with the fewest first; the rest is in the order of the table. What a database
 * lacks of the events of a later one, it gets when they are published again. What it has of events that an earlier one does not know,
 * nobody can take back: so those that follow come before those that they follow. In a circle, the table decides.
 */
export function inOrderOfMoments<Named extends { readonly name: ServiceName }>(targets: readonly Named[]): Named[] {
  return targets.toSorted(
    ({ name: one }, { name: other }) =>
      findFollowers(one).length - findFollowers(other).length ||
      serviceNames.indexOf(one) - serviceNames.indexOf(other),
  );
}
