import { Stage } from '../../primitives/Stage';

export function Pretrain() {
  return <Stage heading="Pretrain">{null}</Stage>;
}
