/** A message that can never be handled as it is: it becomes a dead letter without another attempt. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}
