import type { ReactNode } from 'react';

/** A live number of a stage that is no training metric: shown as the children say, carried in full by `data-value`. */
export function Measure({
  id,
  value,
  className,
  children,
}: {
  id: string;
  value: number | null;
  className?: string;
  children: ReactNode;
}) {
  return (
    <b className={className} data-metric={id} data-value={value ?? undefined}>
      {children}
    </b>
  );
}
