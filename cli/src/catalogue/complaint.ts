/** Ends the command. Its message is for the person who started it, and complete without a stack. */
export class Complaint extends Error {
  override name = 'Complaint';
}
