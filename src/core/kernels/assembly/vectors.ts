/** Four numbers at a time, also where fewer than four are left. Sums of a vector are taken in one order. */

/** the first `count` numbers from an address, 0 beyond */
@inline
export function load4(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : loadPart(at, count);
}

function loadPart(at: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(at);
  const two = v128.load64_zero(at);
  return count == 2 ? two : f32x4.replace_lane(two, 2, load<f32>(at, 8));
}

@inline
export function store4(at: usize, value: v128, count: i32): void {
  if (count >= 4) v128.store(at, value);
  else storePart(at, value, count);
}

function storePart(at: usize, value: v128, count: i32): void {
  store<f32>(at, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(value, 2), 8);
}

/** (0 + 1) + (2 + 3) */
@inline
export function sumOf(value: v128): f32 {
  return (
    f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1) + (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3))
  );
}

@inline
export function largestOf(value: v128): f32 {
  return max(
    max(f32x4.extract_lane(value, 0), f32x4.extract_lane(value, 1)),
    max(f32x4.extract_lane(value, 2), f32x4.extract_lane(value, 3)),
  );
}

/** puts `value` where fewer than four numbers were loaded */
@inline
export function filled(loaded: v128, count: i32, value: f32): v128 {
  return count >= 4 ? loaded : fillPart(loaded, count, value);
}

function fillPart(loaded: v128, count: i32, value: f32): v128 {
  let whole = f32x4.replace_lane(loaded, 3, value);
  if (count < 3) whole = f32x4.replace_lane(whole, 2, value);
  if (count < 2) whole = f32x4.replace_lane(whole, 1, value);
  return whole;
}

/** numbers `from` to `end` of a table become `value` */
export function fillRows(table: usize, from: u32, end: u32, value: f32): void {
  for (let row = from; row < end; row++) store<f32>(table + 4 * row, value);
}
