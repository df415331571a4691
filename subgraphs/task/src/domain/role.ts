/** The roles of a project's members, from the greatest role to the least. */
export const roles = ['OWNER', 'MANAGER', 'MEMBER', 'VIEWER'] as const;
export type ProjectRole = (typeof roles)[number];

/** The least role for each action. Whoever may do less reads only. This is the only place that says so. */
export const leastRoles = {
  READ: 'VIEWER',
  CREATE_TASK: 'MEMBER',
  CHANGE_TASK: 'MEMBER',
  COMMENT: 'MEMBER',
  DELETE_OWN_TASK: 'MEMBER',
  DELETE_TASK: 'MANAGER',
  CHANGE_PROJECT: 'MANAGER',
  CHANGE_MEMBERS: 'MANAGER',
  /** To make somebody an owner, and to change or remove one. Owners may always leave by themselves. */
  CHANGE_OWNERS: 'OWNER',
  ARCHIVE_PROJECT: 'OWNER',
  DELETE_PROJECT: 'OWNER',
} as const satisfies Readonly<Record<string, ProjectRole>>;

export type Action = keyof typeof leastRoles;

/** Returns whether a role allows an action. No role, as that of staff who only read, allows none. */
export function isAllowed(role: ProjectRole | null, action: Action): boolean {
  return role !== null && roles.indexOf(role) <= roles.indexOf(leastRoles[action]);
}
