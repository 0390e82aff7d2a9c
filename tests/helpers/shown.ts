/** Numbers that a page shows, read from its `data-value`. */

/**
 * @returns NaN where nothing is shown: `Number` would make 0 of an empty text and of null, and 0 passes for a
 * measurement
 */
export const numberShown = (text: string | null | undefined): number => (text?.trim() ? Number(text) : Number.NaN);

/** the full-precision value of a live number, NaN while there is none */
export const metricShown = (container: ParentNode, id: string): number =>
  numberShown(container.querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value'));
