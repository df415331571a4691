/** Why there is nothing to compare with. `isOptional` where nobody asked for this revision by name. */
export class NothingToCompare extends Error {
  constructor(message, { isOptional = false } = {}) {
    super(message);
    this.isOptional = isOptional;
  }
}
