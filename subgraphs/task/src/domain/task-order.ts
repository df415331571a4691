/** The order of a list of tasks; ids break ties. Tasks without a due date are last in both directions. */
export interface TaskOrder {
  readonly by: 'CREATED_AT' | 'UPDATED_AT' | 'DUE_AT' | 'PRIORITY';
  readonly direction: 'ASC' | 'DESC';
}

export const newestFirst: TaskOrder = { by: 'CREATED_AT', direction: 'DESC' };
