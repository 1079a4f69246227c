/** Growth curves: what a cost becomes as something grows, and where it begins to grow faster. */

/** A cost `y`, in any unit, of `x` of something; both are positive. */
export interface Point {
  x: number;
  y: number;
}

/** A curve bends where its local exponent exceeds the one before by more than this. */
export const BEND = 0.3;

const slope = (a: Point, b: Point): number => Math.log(b.y / a.y) / Math.log(b.x / a.x);

/** The exponent between each point and the next: 0 is constant, 1 linear, 2 quadratic. */
export const localExponents = (points: readonly Point[]): number[] =>
  points.slice(1).map((point, i) => slope(points[i], point));

/**
 * The exponent of all points: the slope of the line through the points on logarithmic scales with the least squares.
 */
export function exponentOf(points: readonly Point[]): number {
  const x = points.map((point) => Math.log(point.x));
  const y = points.map((point) => Math.log(point.y));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

/** The first bend: `x` of the point after which the cost grows faster, and the exponents on both sides. */
export function bendOf(points: readonly Point[]): { x: number; before: number; after: number } | undefined {
  const local = localExponents(points);
  const at = local.findIndex((exponent, i) => i > 0 && exponent > local[i - 1] + BEND);
  return at < 0 ? undefined : { x: points[at].x, before: local[at - 1], after: local[at] };
}

/** What twice as much costs between two points, in times of once: 2 is linear. */
export const doublingCost = (from: Point, to: Point): number => 2 ** slope(from, to);
