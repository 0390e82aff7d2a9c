/** Looking rows up in a table, and its gradient: adding rows up where they were looked up. */
import { defineHostKernel } from './hostKernel';

/** inputs: table [V,C], ids [N] int32 → rows [N,C] */
export const gatherRows = defineHostKernel<Record<never, never>>({
  name: 'LabGatherRows',
  outputs: ([table, ids]) => [[ids![0]!, table![1]!]],
  compute: ([table, ids], [rows], [tableShape]) => {
    const width = tableShape![1]!;
    for (let n = 0; n < ids!.length; n++) {
      const from = ids![n]! * width;
      for (let c = 0, to = n * width; c < width; c++) rows![to + c] = table![from + c]!;
    }
  },
});

/** inputs: rows [N,C], ids [N] int32 → table [rowCount,C], Σ over n with ids[n] = row */
export const scatterAddRows = defineHostKernel<{ rowCount: number }>({
  name: 'LabScatterAddRows',
  outputs: ([rows], { rowCount }) => [[rowCount, rows![1]!]],
  compute: ([rows, ids], [table], [rowsShape]) => {
    const width = rowsShape![1]!;
    table!.fill(0);
    for (let n = 0; n < ids!.length; n++) {
      const to = ids![n]! * width;
      for (let c = 0, from = n * width; c < width; c++) table![to + c]! += rows![from + c]!;
    }
  },
});
