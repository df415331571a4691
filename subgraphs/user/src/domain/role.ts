export type Role = 'CUSTOMER' | 'STAFF' | 'ADMIN';

const staff = [
  'product:write',
  'inventory:read',
  'inventory:write',
  'order:read',
  'order:write',
  'user:read',
  'task:read',
  'notification:read',
] as const;

const scopes: Record<Role, readonly string[]> = {
  CUSTOMER: [],
  STAFF: staff,
  ADMIN: [...staff, 'user:write', 'ops:write'],
};

/** Lists the scopes that a role has in an access token. */
export function listScopes(role: Role): readonly string[] {
  return scopes[role];
}
