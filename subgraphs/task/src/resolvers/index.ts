import { DateTime } from '@shop/graphql';
import type { CompleteResolvers } from '@shop/subgraph';
import { addTaskComment } from './Mutation/addTaskComment.ts';
import { archiveProject } from './Mutation/archiveProject.ts';
import { createProject } from './Mutation/createProject.ts';
import { createTask } from './Mutation/createTask.ts';
import { deleteProject } from './Mutation/deleteProject.ts';
import { deleteTask } from './Mutation/deleteTask.ts';
import { removeProjectMember } from './Mutation/removeProjectMember.ts';
import { setProjectMember } from './Mutation/setProjectMember.ts';
import { updateProject } from './Mutation/updateProject.ts';
import { updateTask } from './Mutation/updateTask.ts';
import { Project } from './Project.ts';
import { ProjectMember } from './ProjectMember.ts';
import { Query } from './Query.ts';
import type { Resolvers } from './schema-types.ts';
import { Task } from './Task.ts';
import { TaskComment } from './TaskComment.ts';

export const resolvers = {
  DateTime,
  Query,
  Mutation: {
    addTaskComment,
    archiveProject,
    createProject,
    createTask,
    deleteProject,
    deleteTask,
    removeProjectMember,
    setProjectMember,
    updateProject,
    updateTask,
  },
  Project,
  ProjectMember,
  Task,
  TaskComment,
} satisfies CompleteResolvers<Resolvers>;
