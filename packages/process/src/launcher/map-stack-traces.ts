import { readFileSync } from 'node:fs';
import path from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/**
 * Names sources in stack traces instead of the bundle, as `--enable-source-maps` does for modules that Node loads itself. The map is read
 * at the first stack trace.
 *
 * @param bundle absolute path; its map is the file `<bundle>.map`
 */
export function mapStackTraces(bundle: string): void {
  let map: TraceMap | null | undefined;
  Error.prepareStackTrace = (error, frames) => {
    map ??= readMap(`${bundle}.map`);
    const lines = frames.map((frame) => `\n    at ${describeFrame(frame, bundle, map ?? null)}`);
    return describeError(error) + lines.join('');
  };
}

/** Null when there is none: then frames name the bundle. */
function readMap(file: string): TraceMap | null {
  try {
    return new TraceMap(readFileSync(file, 'utf8'), file);
  } catch {
    return null;
  }
}

function describeFrame(frame: NodeJS.CallSite, bundle: string, map: TraceMap | null): string {
  const text = String(frame);
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (map === null || frame.getFileName() !== bundle || line === null || column === null) return text;
  const position = originalPositionFor(map, { line, column: column - 1 });
  if (position.source === null) return text;
  const source = path.resolve(path.dirname(bundle), position.source);
  return text.replace(`${bundle}:${line}:${column}`, `${source}:${position.line}:${position.column + 1}`);
}

/** As Node describes it. The name or the message of an error may be one that cannot be read. */
function describeError(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
