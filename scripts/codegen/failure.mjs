/** What is wrong with the input, for a person to mend. */
export class CodegenFailure extends Error {}
