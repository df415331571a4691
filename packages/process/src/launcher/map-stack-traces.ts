import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload, type SourceMapping } from 'node:module';
import path from 'node:path';

/**
 * Names sources in stack traces instead of the bundle, as `--enable-source-maps` does for modules that Node loads itself. The map is read
 * at the first stack trace.
 *
 * @param bundle absolute path; its map is the file `<bundle>.map`
 */
export function mapStackTraces(bundle: string): void {
  let map: SourceMap | null | undefined;
  Error.prepareStackTrace = (error, frames) => {
    if (map === undefined) map = readMap(`${bundle}.map`);
    const lines = frames.map((frame) => `\n    at ${findSource(frame, bundle, map ?? null) ?? String(frame)}`);
    return describeError(error) + lines.join('');
  };
}

/** Null when there is none: then frames name the bundle. */
function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch {
    return null;
  }
}

/** Undefined for a frame that has no source: one of Node's own, or of code that the bundler made. */
function findSource(frame: NodeJS.CallSite, bundle: string, map: SourceMap | null): string | undefined {
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (map === null || frame.getFileName() !== bundle || line === null || column === null) return undefined;
  // The types say that a place has a source. It is undefined where the map has none for it.
  const entry = map.findEntry(line - 1, column - 1) as Partial<SourceMapping>;
  if (entry.originalSource === undefined) return undefined;
  const { originalSource, originalLine = 0, originalColumn = 0 } = entry;
  const source = path.resolve(path.dirname(bundle), originalSource);
  return String(frame).replace(`${bundle}:${line}:${column}`, `${source}:${originalLine + 1}:${originalColumn + 1}`);
}

/** As Node describes it. The name or the message of an error may be one that cannot be read. */
function describeError(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
