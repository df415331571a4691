/** The API answered that it will not do this. Others may go well. */
export class Refused extends Error {
  override name = 'Refused';
}

/** An answer without the right to do it. */
export class NotAllowed extends Error {
  override name = 'NotAllowed';
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  constructor(code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string) {
    super(message);
    this.code = code;
  }
}

/** Something is away that may be back in a moment. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}
