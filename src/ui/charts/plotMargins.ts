import { remPixels } from './useCanvas';

export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Room for the axes of a line chart, in px: 1.4 rem below, 1 rem right and 3.2 rem left ("−0.8475"), as the crosshair of Chart.module.css has it. */
export function plotMargins(): Margins {
  const rem = remPixels();
  return { top: 8, right: rem, bottom: 1.4 * rem, left: 3.2 * rem };
}
