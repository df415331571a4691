/** Creates a generator of numbers from 0 to 1. The same seed gives the same numbers. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const fields: Record<string, [field: string, returns?: string][]> = {
  Query: [
    ['open', 'Thing'],
    ['things', 'Thing'],
    ['maybeThings', 'Thing'],
    ['signedIn', 'Thing'],
    ['mustBeSignedIn', 'Thing'],
    ['staffOnly'],
    ['either'],
    ['vault', 'Vault'],
    ['node', 'Node'],
    ['nodes', 'Node'],
    ['found', 'Found'],
    ['mood'],
    ['code'],
  ],
  Thing: [
    ['id'],
    ['label'],
    ['child', 'Thing'],
    ['children', 'Thing'],
    ['price'],
    ['cost'],
    ['owner', 'Person'],
    ['__typename'],
  ],
  Person: [['id'], ['label'], ['email'], ['friend', 'Person']],
  Vault: [['gold'], ['thing', 'Thing']],
  Node: [['id'], ['label']],
  Found: [['__typename']],
};
const conditions: Record<string, string[]> = {
  Thing: ['Thing', 'Node'],
  Person: ['Person', 'Node'],
  Node: ['Thing', 'Person'],
  Found: ['Thing', 'Person', 'Vault'],
  Query: ['Query'],
  Vault: ['Vault'],
};

/**
 * Creates an operation on the test supergraph with aliases, conditions and all kinds of fragments.
 *
 * @param options.interfaces true to also select fields of the interface itself
 */
export function randomOperation(random: () => number, options: { interfaces: boolean }): string {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const fragments: string[] = [];
  const condition = () =>
    random() < 0.2 ? ` @${pick(['skip', 'include'])}(if: ${pick(['$yes', '$no', 'true', 'false'])})` : '';

  function select(type: string, depth: number): string {
    const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const mayNest = depth > 0;
      const isBare = type === 'Node' && !options.interfaces;
      if (mayNest && (isBare || random() < 0.3))
        return fragment(pick(conditions[type]!.filter((name) => options.interfaces || name !== 'Node')), depth);
      const [field, returns] = pick(
        isBare
          ? [['__typename'] as const]
          : fields[type]!.filter(([, child]) => mayNest || child === undefined || type === 'Query'),
      );
      const alias = random() < 0.2 ? `${field.replace('__', '')}2: ` : '';
      return `${alias}${field}${condition()}${returns === undefined ? '' : ` ${select(returns, depth - 1)}`}`;
    });
    return `{ ${parts.join(' ')} }`;
  }

  function fragment(type: string, depth: number): string {
    const body = select(type, depth - 1);
    if (random() < 0.5) return `... on ${type}${condition()} ${body}`;
    fragments.push(`fragment F${fragments.length} on ${type} ${body}`);
    return `...F${fragments.length - 1}${condition()}`;
  }

  const body = select('Query', 3);
  return `query ($yes: Boolean! = true, $no: Boolean!) ${body} ${fragments.join(' ')}`;
}
