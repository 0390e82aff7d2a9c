/** How trouble leaves the computing thread: as a code the page can explain, or as a bug with its stack. */
import { type ErrorReport, LabError } from '../contract/errors';

/** what V8, SpiderMonkey, JavaScriptCore, Dawn, wgpu and the wasm allocator say when memory ends */
const OUT_OF_MEMORY =
  /out of memory|\boom\b|memory allocation|allocation failed|invalid (typed )?array (buffer )?length|cannot enlarge memory|memory access out of bounds|exceeds the max(imum)? (storage )?buffer|buffer size .* exceeds/i;

/** @returns the same error, or a LabError when the cause is one that a visitor can do something about */
export function explain(error: unknown): Error {
  if (error instanceof LabError) return error;
  const known = error instanceof Error ? error : new Error(String(error));
  if (!OUT_OF_MEMORY.test(known.message)) return known;
  return new LabError('engine/outOfMemory', `There was not enough memory to go on: ${known.message}`);
}

/** An error as plain data, to be thrown again on the page. */
export function reportError(error: unknown): ErrorReport {
  const explained = explain(error);
  return {
    code: explained instanceof LabError ? explained.code : undefined,
    message: explained.message,
    stack: explained.stack,
  };
}
