import type { ByteSource } from './safetensors';

/** @returns bytes that are in memory, read as a file would be */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (begin, end) => bytes.subarray(begin, end),
});
