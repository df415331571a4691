/** A stream or a service that entries come from. */
export interface Source {
  readonly name: string;
  /** The number of the last invalidation of all that comes from it; 0 before the first. */
  flushedAt: number;
  /** False while its changes may not be known. Then nothing that comes from it is served or kept. */
  isCurrent(): boolean;
}
