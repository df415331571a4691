/** Tells whether a member's name already says what a description would say. */
export function isSelfExplanatory(name: string, type: string): boolean {
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  return (
    ['id', 'createdAt', 'updatedAt'].includes(name) ||
    // `parentId: ID!`, `parent: Parent!`, `status: ParentStatus!`, `billingAddress: Address!`
    (type === 'ID' && /[a-z]Id$/.test(name)) ||
    type.endsWith(capitalized) ||
    capitalized.endsWith(type)
  );
}
