import type { Project } from '../project.ts';

/** Texts of generated files, by their paths relative to the root. They are formatted before they are compared or written. */
export type GeneratedFiles = Readonly<Record<string, string>>;

/** Makes files that are committed, so that reviews show their changes. */
export interface CommittedGenerator {
  readonly kind: 'committed';
  /** Names the generator in progress lines and for `--only`. */
  readonly name: string;
  /** Files and folders that the result depends on, relative to the root. */
  inputs(project: Project): readonly string[];
  /**
   * Makes the files. Read other files through `project`: it shows the results of earlier generators before they are
   * written.
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
  /** True when the result of an earlier run still exists. */
  isPresent(project: Project): boolean;
  /** @param options.force true writes also those parts whose own inputs have not changed */
  write(project: Project, options: { readonly force: boolean }): Promise<void>;
}

/** One step of `npm run generate`. */
export type Generator = CommittedGenerator | LocalGenerator;
