export function Inspect() {
  return null;
}
