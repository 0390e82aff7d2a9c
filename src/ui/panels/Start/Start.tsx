import { Stage } from '../../primitives/Stage';

export function Start() {
  return <Stage heading="Start">{null}</Stage>;
}
