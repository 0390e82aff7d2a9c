import { Stage } from '../../primitives/Stage';

export function Data() {
  return <Stage heading="Data">{null}</Stage>;
}
