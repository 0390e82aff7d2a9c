/** Records the dispatches of a plan, and how long each value on the way is needed. */
import type { Lifetime } from './arena';
import type { Dispatch, Launch, Memory, Plan, PlanOptions, Player, Section, Slot } from './player';

/** Dispatches between which each value of the arena is needed. */
class Lives extends Map<Slot, Lifetime> {
  touch(slot: Slot, at: number): void {
    if (slot.outside) return;
    const whole = slot.within?.slot ?? slot;
    const { bytes } = whole;
    const { first, last } = this.get(whole) ?? { first: at, last: at };
    this.set(whole, { bytes, first: Math.min(first, at), last: Math.max(last, at) });
  }
}

export class PlanBuilder {
  private readonly dispatches: Dispatch[] = [];
  private readonly sections: Section[] = [];
  private readonly lives = new Lives();
  private readonly handed: { slot: Slot; section: number }[] = [];
  private readonly held: Slot[] = [];
  private readonly received: { slot: Slot; section: number }[] = [];

  constructor(
    private readonly player: Player,
    private readonly options: PlanOptions,
  ) {}

  /** what follows is run by this name */
  section(name: string): void {
    const open = this.sections.at(-1);
    if (open) open.end = this.dispatches.length;
    this.sections.push({ name, first: this.dispatches.length, end: this.dispatches.length });
  }

  /** a value of the arena, 4 bytes an element */
  value(name: string, elements: number): Slot {
    return { name, bytes: 4 * elements, outside: null };
  }

  /** elements `from` … `from + elements − 1` of a value, which is needed where a part of it is; @param from a multiple of 64 */
  part(slot: Slot, from: number, elements: number): Slot {
    if (4 * elements === slot.bytes) return slot;
    return { name: slot.name, bytes: 4 * elements, outside: null, within: { slot, offset: 4 * from } };
  }

  /** a value that is copied in before this section runs */
  receive(name: string, elements: number): Slot {
    const slot = this.value(name, elements);
    this.received.push({ slot, section: this.sections.length - 1 });
    return slot;
  }

  /** keeps a value until this section has run and its copy was taken */
  hand(slot: Slot): Slot {
    this.handed.push({ slot, section: this.sections.length - 1 });
    return slot;
  }

  /** keeps a value's memory to itself: sections that run in turn again and again read what earlier rounds left */
  holdThroughout(slot: Slot): void {
    this.held.push(slot);
  }

  /** part of a memory that belongs to somebody else; @param offset bytes, a multiple of 256 */
  outside(name: string, memory: Memory, offset: number, elements: number): Slot {
    return { name, bytes: 4 * elements, outside: { memory, offset } };
  }

  /** @param buffers one slot for each of the kernel's buffers, more for optional ones, @param shape one number for each of its shape fields */
  dispatch(launch: Launch, buffers: Record<string, Slot>, shape: Record<string, number> = {}): void {
    const { kernel } = launch;
    for (const name of Object.keys(kernel.buffers)) {
      const slot = buffers[name];
      if (!slot) throw new Error(`${kernel.name} lacks the buffer ${name}`);
      this.lives.touch(slot, this.dispatches.length);
    }
    for (const name of kernel.optional ?? [])
      if (buffers[name]) this.lives.touch(buffers[name], this.dispatches.length);
    for (const name of kernel.shape)
      if (!Number.isInteger(shape[name])) throw new Error(`${kernel.name}: ${name} is ${shape[name]}`);
    this.dispatches.push({ launch, buffers, shape });
  }

  build(): Plan {
    const open = this.sections.at(-1);
    if (!open) throw new Error(`plan ${this.options.name} has no section`);
    open.end = this.dispatches.length;
    for (const { slot, section } of this.received) this.lives.touch(slot, this.sections[section]!.first);
    for (const { slot, section } of this.handed) this.lives.touch(slot, Math.max(0, this.sections[section]!.end - 1));
    for (const slot of this.held) for (const at of [0, this.dispatches.length - 1]) this.lives.touch(slot, at);
    const { options, dispatches, sections, lives } = this;
    return this.player.prepare({ options, dispatches, sections, lives });
  }
}
