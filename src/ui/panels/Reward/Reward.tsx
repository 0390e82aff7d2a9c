import { Stage } from '../../primitives/Stage';

export function Reward() {
  return <Stage heading="Reward model">{null}</Stage>;
}
