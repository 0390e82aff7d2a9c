/**
 * A GPU that validates everything and computes nothing: Dawn's null backend. What is left is the JavaScript of a step
 * and the number of dispatches.
 */
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
export const nullGpu: GPU = create(['backend=null']);
