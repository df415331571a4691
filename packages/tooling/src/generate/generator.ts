import type { Project } from '../project.ts';

/** Texts of generated files, by their paths relative to the root. They are formatted before they are compared or written. */
export type GeneratedFiles = Readonly<Record<string, string>>;

/** Makes files that are committed, so that a change of them shows in review. */
export interface CommittedGenerator {
  readonly kind: 'committed';
  /** Names the generator in progress lines and for `--only`. */
  readonly name: string;
  /** Files and folders that the result depends on, relative to the root. */
  inputs(project: Project): readonly string[];
  /**
   * Makes the files. Read other files through `project`: it shows what earlier generators made, although it is not written yet.
   *
   * @throws ExpectedError when an input is wrong
   */
  run(project: Project): GeneratedFiles | Promise<GeneratedFiles>;
  /** Folders that belong to the generator: other files in them are removed. */
  readonly folders?: readonly string[];
}

/** Makes files that are not committed, and writes them itself. */
export interface LocalGenerator {
  readonly kind: 'local';
  readonly name: string;
  inputs(project: Project): readonly string[];
  /** Whether the result of an earlier run is still there. */
  isPresent(project: Project): boolean;
  write(project: Project): Promise<void>;
}

/** One step of `npm run generate`. */
export type Generator = CommittedGenerator | LocalGenerator;
