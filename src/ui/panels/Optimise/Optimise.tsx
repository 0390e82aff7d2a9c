import { Stage } from '../../primitives/Stage';

export function Optimise() {
  return <Stage heading="Optimise">{null}</Stage>;
}
