/** The graphics card as a player of recorded plans. */
import type { Memory, Plan, Player, Recording } from '../plan/player';
import type { Gpu } from './device';
import { GpuMemory } from './memory';
import { GpuPlan } from './plan';

class GpuPlayer implements Player {
  constructor(private readonly gpu: Gpu) {}

  allocate(label: string, bytes: number): Memory {
    return new GpuMemory(this.gpu, label, bytes);
  }

  prepare(recording: Recording): Plan {
    return new GpuPlan(this.gpu, recording);
  }
}

const players = new WeakMap<Gpu, Player>();

/** @returns always the same for one card */
export function playerOf(gpu: Gpu): Player {
  const player = players.get(gpu) ?? new GpuPlayer(gpu);
  players.set(gpu, player);
  return player;
}
