/**
 * What follows a matrix product, on a row of its result. Sixteen numbers a turn: an engine makes the constants of a
 * loop anew in each, and the steps of one vector fill the waits of the others.
 */
import { geluGate, geluSlope } from './maths';
import { load4, store4 } from './vectors';

export const BIAS: u32 = 1;
const GELU: u32 = 2;
const RESIDUAL: u32 = 3;
export const GELU_BACKWARD: u32 = 4;

/**
 *   bias x + b    gelu(x + b), its slope in `other`    residual x + b + other    x·other, a slope left before
 * @param other 0 where nobody will ask for the slope
 * @param count of the numbers
 */
export function finishRow(epilogue: u32, row: usize, bias: usize, other: usize, count: i32): void {
  if (epilogue == BIAS) addBias(row, bias, count);
  else if (epilogue == GELU && other == 0) bendAlone(row, bias, count);
  else if (epilogue == GELU) bend(row, bias, other, count);
  else if (epilogue == RESIDUAL) addBoth(row, bias, other, count);
  else if (epilogue == GELU_BACKWARD) scale(row, other, count);
}

@inline
function addBias4(row: usize, bias: usize, count: i32): void {
  store4(row, f32x4.add(load4(row, count), load4(bias, count)), count);
}

function addBias(row: usize, bias: usize, count: i32): void {
  for (; count >= 16; count -= 16, row += 64, bias += 64) {
    addBias4(row, bias, 4);
    addBias4(row + 16, bias + 16, 4);
    addBias4(row + 32, bias + 32, 4);
    addBias4(row + 48, bias + 48, 4);
  }
  for (; count > 0; count -= 4, row += 16, bias += 16) addBias4(row, bias, count);
}

@inline
function bend4(row: usize, bias: usize, slopes: usize, count: i32): void {
  const x = f32x4.add(load4(row, count), load4(bias, count));
  const gate = geluGate(x);
  const bent = f32x4.mul(x, gate);
  store4(slopes, geluSlope(x, gate, bent), count);
  store4(row, bent, count);
}

function bend(row: usize, bias: usize, slopes: usize, count: i32): void {
  for (; count >= 16; count -= 16, row += 64, bias += 64, slopes += 64) {
    bend4(row, bias, slopes, 4);
    bend4(row + 16, bias + 16, slopes + 16, 4);
    bend4(row + 32, bias + 32, slopes + 32, 4);
    bend4(row + 48, bias + 48, slopes + 48, 4);
  }
  for (; count > 0; count -= 4, row += 16, bias += 16, slopes += 16) bend4(row, bias, slopes, count);
}

@inline
function bendAlone4(row: usize, bias: usize, count: i32): void {
  const x = f32x4.add(load4(row, count), load4(bias, count));
  store4(row, f32x4.mul(x, geluGate(x)), count);
}

function bendAlone(row: usize, bias: usize, count: i32): void {
  for (; count >= 16; count -= 16, row += 64, bias += 64) {
    bendAlone4(row, bias, 4);
    bendAlone4(row + 16, bias + 16, 4);
    bendAlone4(row + 32, bias + 32, 4);
    bendAlone4(row + 48, bias + 48, 4);
  }
  for (; count > 0; count -= 4, row += 16, bias += 16) bendAlone4(row, bias, count);
}

@inline
function addBoth4(row: usize, bias: usize, residual: usize, count: i32): void {
  store4(row, f32x4.add(f32x4.add(load4(row, count), load4(bias, count)), load4(residual, count)), count);
}

function addBoth(row: usize, bias: usize, residual: usize, count: i32): void {
  for (; count >= 16; count -= 16, row += 64, bias += 64, residual += 64) {
    addBoth4(row, bias, residual, 4);
    addBoth4(row + 16, bias + 16, residual + 16, 4);
    addBoth4(row + 32, bias + 32, residual + 32, 4);
    addBoth4(row + 48, bias + 48, residual + 48, 4);
  }
  for (; count > 0; count -= 4, row += 16, bias += 16, residual += 16) addBoth4(row, bias, residual, count);
}

@inline
function scale4(row: usize, slopes: usize, count: i32): void {
  store4(row, f32x4.mul(load4(row, count), load4(slopes, count)), count);
}

function scale(row: usize, slopes: usize, count: i32): void {
  for (; count >= 16; count -= 16, row += 64, slopes += 64) {
    scale4(row, slopes, 4);
    scale4(row + 16, slopes + 16, 4);
    scale4(row + 32, slopes + 32, 4);
    scale4(row + 48, slopes + 48, 4);
  }
  for (; count > 0; count -= 4, row += 16, slopes += 16) scale4(row, slopes, count);
}

/** the sums themselves, before anything is added */
export function scaleRow(row: usize, factor: f32, count: i32): void {
  for (; count > 0; count -= 4, row += 16) store4(row, f32x4.mul(load4(row, count), f32x4.splat(factor)), count);
}
