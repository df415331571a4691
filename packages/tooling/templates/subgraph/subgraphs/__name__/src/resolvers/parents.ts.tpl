// The parents of the resolvers of a type, where they differ from the type in the schema.
import type { __Name__ } from '../domain/__name__.ts';
import type { __Name__Connection } from '../use-cases/list-__names__.ts';

export type __Name__Parent = __Name__;
export type __Name__ConnectionParent = __Name__Connection;
export type ProductParent = { readonly id: string };
