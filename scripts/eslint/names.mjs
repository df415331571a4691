/** True when a name explains a member, so that a description would only repeat it. */
export function saysAll(name, type) {
  const capitalized = name[0].toUpperCase() + name.slice(1);
  return (
    ['id', 'createdAt', 'updatedAt'].includes(name) ||
    // `orderId: ID!`, `order: Order!`, `status: OrderStatus!`, `billingAddress: Address!`
    (type === 'ID' && /[a-z]Id$/.test(name)) ||
    type.endsWith(capitalized) ||
    capitalized.endsWith(type)
  );
}
