import { Stage } from '../../primitives/Stage';

export function Compare() {
  return <Stage heading="Compare">{null}</Stage>;
}
