/** The items in turn: another one comes first with each round, so that each has each place equally often. */
export const rotate = <Item>(items: readonly Item[], round: number): readonly Item[] =>
  items.map((_, index) => items[(index + round) % items.length] as Item);
