import { Kind, type DirectiveNode } from 'graphql';

/** True for `@skip` and `@include`. */
export const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include';

/** True for a condition that leaves nothing out, false for one that leaves the selection out; undefined when a variable decides. */
export function readConstant(condition: DirectiveNode): boolean | undefined {
  const value = condition.arguments?.find((argument) => argument.name.value === 'if')?.value;
  return value?.kind === Kind.BOOLEAN ? value.value === (condition.name.value === 'include') : undefined;
}
