/** A project as the API shows it. */
export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string | null;
  readonly archived: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The fields that can change. Absent ones stay. */
export type ProjectChange = { readonly [Field in 'name' | 'description' | 'archived']?: Project[Field] | undefined };

/** Applies a change. Returns the same object when nothing differs. */
export function changeProject(project: Project, change: ProjectChange, at: Date): Project {
  const fields = ['name', 'description', 'archived'] as const;
  const isUnchanged = fields.every((field) => change[field] === undefined || change[field] === project[field]);
  if (isUnchanged) return project;
  const { name = project.name, description = project.description, archived = project.archived } = change;
  return { ...project, name, description, archived, version: project.version + 1, updatedAt: at };
}
