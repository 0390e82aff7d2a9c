/** A point of a drawn line. */
export interface PlotPoint {
  x: number;
  y: number;
}

/** Most points of one drawn line: more cannot be told apart, and drawing becomes slow. */
export const MAX_POINTS = 300;
/** two points each, and the two ends */
const MOST_PARTS = Math.floor((MAX_POINTS - 2) / 2);

/** The lowest and the highest of neighbouring points, the earlier one first. */
interface Part {
  first: PlotPoint;
  second: PlotPoint;
}

const joined = (one: Part, other: Part): Part => {
  const points = [one.first, one.second, other.first, other.second];
  const low = points.reduce((least, point) => (point.y < least.y ? point : least));
  const high = points.reduce((most, point) => (point.y > most.y ? point : most));
  return points.indexOf(low) <= points.indexOf(high) ? { first: low, second: high } : { first: high, second: low };
};

/**
 * Min-max thinning of a line that grows at its end: equal parts keep their lowest and their highest point, so that no
 * spike disappears. A point that is added touches its part alone; once there are too many parts, neighbours become one.
 */
export class Thinned {
  private parts: Part[] = [];
  private size = 1;
  private count = 0;
  private start: PlotPoint | null = null;
  private end: PlotPoint | null = null;

  add(x: number, y: number): void {
    const point = { x, y };
    const own: Part = { first: point, second: point };
    const index = Math.floor(this.count / this.size);
    const part = this.parts[index];
    this.parts[index] = part ? joined(part, own) : own;
    this.start ??= point;
    this.end = point;
    this.count++;
    if (this.parts.length > MOST_PARTS) this.halve();
  }

  /**
   * @returns the first point, the extremes of every part, the last point; at most 300 in the order in which they were
   * added
   */
  points(): PlotPoint[] {
    const extremes = this.parts.flatMap(({ first, second }) => (first === second ? [first] : [first, second]));
    if (this.start && extremes[0] !== this.start) extremes.unshift(this.start);
    if (this.end && extremes.at(-1) !== this.end) extremes.push(this.end);
    return extremes;
  }

  private halve(): void {
    const pairs = Math.ceil(this.parts.length / 2);
    this.parts = Array.from({ length: pairs }, (_, i) => {
      const [one, other] = [this.parts[2 * i] as Part, this.parts[2 * i + 1]];
      return other ? joined(one, other) : one;
    });
    this.size *= 2;
  }
}
