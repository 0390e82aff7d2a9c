/**
 * Gauss and Jordan's elimination with partial pivoting: x of A x = b.
 * @param a [N][N] not changed
 * @param b [N]
 * @throws when the rows of A do not determine x
 */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]); // [N][N + 1]
  for (let column = 0; column < rows.length; column++) {
    const pivot = rows.slice(column).reduce((best, row) => (larger(row, best, column) ? row : best));
    if (pivot[column] === 0) throw new Error('the system has no single solution');
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const row of rows) if (row !== pivot) subtract(row, pivot, row[column]! / pivot[column]!);
  }
  return rows.map((row, i) => row[rows.length]! / row[i]!);
}

const larger = (row: readonly number[], than: readonly number[], column: number): boolean =>
  Math.abs(row[column]!) > Math.abs(than[column]!);

function subtract(row: number[], pivot: readonly number[], times: number): void {
  if (times === 0) return;
  for (let i = 0; i < row.length; i++) row[i]! -= times * pivot[i]!;
}
