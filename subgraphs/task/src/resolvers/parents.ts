// The value that the resolvers of a schema type receive, where it differs from the schema.
import type { AuditConnection } from '@shop/subgraph';
import type { TaskComment } from '../db/comments.ts';
import type { ListedMember } from '../db/pages.ts';
import type { TaskEvent } from '../db/tasks.ts';
import type { Project } from '../domain/project.ts';
import type { Task } from '../domain/task.ts';
import type { CountedConnection } from '../use-cases/load-by-parent.ts';

export type ProjectParent = Project;
export type ProjectConnectionParent = CountedConnection<Project>;
export type ProjectMemberParent = ListedMember;
export type ProjectMemberConnectionParent = CountedConnection<ListedMember>;
export type TaskParent = Task;
export type TaskConnectionParent = CountedConnection<Task>;
export type TaskEventParent = TaskEvent;
export type TaskCommentParent = TaskComment;
export type TaskCommentConnectionParent = CountedConnection<TaskComment>;

export type AuditConnectionParent = AuditConnection;
