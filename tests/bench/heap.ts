/**
 * What the page's heap holds, by kind: a browser goes on compiling for minutes, and its machine code is not what a page
 * keeps.
 */
import type { CDPSession } from 'playwright-core';

/** the part of V8's heap snapshot that is read here */
interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  /** node_fields of one object after another */
  nodes: number[];
}

/**
 * machine code and bytecode, the shapes it was compiled for, and what the browser's own engine holds: layout,
 * performance entries
 */
const NOT_DATA = new Set(['code', 'object shape', 'native', 'hidden', 'synthetic']);

/** @returns bytes of objects, lists, texts and numbers among the nodes of a snapshot */
export function dataBytes({ snapshot: { meta }, nodes }: Snapshot): number {
  const [type, size] = [meta.node_fields.indexOf('type'), meta.node_fields.indexOf('self_size')];
  const kinds = meta.node_types[0];
  let bytes = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    if (!NOT_DATA.has(kinds[nodes[node + type] as number] as string)) bytes += nodes[node + size] as number;
  }
  return bytes;
}

/** Stops the page for seconds. @returns as `dataBytes`, after a collection */
export async function heldBytes(devtools: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const listen = ({ chunk }: { chunk: string }) => chunks.push(chunk);
  devtools.on('HeapProfiler.addHeapSnapshotChunk', listen);
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  devtools.off('HeapProfiler.addHeapSnapshotChunk', listen);
  return dataBytes(JSON.parse(chunks.join('')) as Snapshot);
}
