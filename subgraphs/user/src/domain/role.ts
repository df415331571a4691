export type Role = 'CUSTOMER' | 'STAFF' | 'ADMIN';

const staff = ['product:write', 'inventory:read', 'inventory:write', 'order:read', 'order:write', 'user:read'] as const;

const scopes: Record<Role, readonly string[]> = {
  CUSTOMER: [],
  STAFF: staff,
  ADMIN: [...staff, 'user:write', 'ops:write'],
};

/** What a role may do, as scopes of an access token. */
export function listScopes(role: Role): readonly string[] {
  return scopes[role];
}
