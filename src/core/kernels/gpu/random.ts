/**
 * The generator of `tensor/random.ts` in WGSL, bit for bit: number `counter` of the stream `key`, for counters below
 * 2³². A random number is a function of its index, so threads need no state and no upload.
 */
export const RANDOM_WGSL = `
fn hash32(input : u32) -> u32 {
  var x = input;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}
fn randomUint32(key : u32, counter : u32) -> u32 {
  return hash32(hash32(counter ^ key) + hash32(key << 1u) + key);
}
/** in [0, 1), 24 bits */
fn randomUniform(key : u32, counter : u32) -> f32 {
  return f32(randomUint32(key, counter) >> 8u) / 16777216.0;
}
`;
