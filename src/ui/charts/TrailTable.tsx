import { formatNumber } from '../primitives/format';
import { TextTable } from '../primitives/TextTable';
import type { OtherTrail, TrailPoint } from './trailLayout';

const ROWS = 10;

export interface TrailTableProps {
  caption: string;
  points: readonly TrailPoint[];
  others: readonly OtherTrail[];
  noun: string;
  payer: string;
  /** the iteration after which gold fell */
  peak: number | null;
  hasGold: boolean;
}

/** @returns every tenth of the trail, its last point and the one where gold turned */
function told(points: readonly TrailPoint[], peak: number | null): readonly TrailPoint[] {
  const last = points.length - 1;
  const tenths = new Set(Array.from({ length: ROWS + 1 }, (_, i) => Math.round((i * last) / ROWS)));
  return points.filter((point, i) => tenths.has(i) || point.step === peak);
}

/** The trails for screen readers: the own one along its way, of the others where they turned and where they end. */
export function TrailTable({ caption, points, others, noun, payer, peak, hasGold }: TrailTableProps) {
  const cells = ({ kl, proxy, gold }: TrailPoint): string[] =>
    [kl, proxy, ...(hasGold ? [gold] : [])].map((value) => (value === null ? '–' : formatNumber(value)));
  const turned = (step: number, at: number | null): string => (step === at ? ', gold peaked' : '');
  const own = told(points, peak).map((point) => [`${noun} ${point.step}${turned(point.step, peak)}`, ...cells(point)]);
  const ends = others.flatMap(({ label, points: trail, peak: top = null }) =>
    trail
      .filter((point, i) => i === trail.length - 1 || point.step === top)
      .map((point) => [`${label}${turned(point.step, top)}`, ...cells(point)]),
  );
  if (own.length + ends.length === 0) return null;
  return (
    <div className="visually-hidden">
      <TextTable
        caption={caption}
        head={[noun, 'distance, nats', payer, ...(hasGold ? ['gold rater'] : [])]}
        rows={[...own, ...ends]}
      />
    </div>
  );
}
