/** Keeps recorded plans by shape, so that the same batch shape is recorded once. Owner of its plans. */
import type { NetworkPlan } from './networkPlan';

/** shapes that are remembered; a text box scores a text of another length with every key */
const MOST = 12;
/** bytes of their arenas: of a large model a few shapes fill the memory */
export const MOST_ARENAS = 2 ** 29;

export class PlanShelf {
  /** most recently used last; several plans of one shape when a loss reads the network more than once */
  private readonly free = new Map<string, NetworkPlan[]>();
  private readonly taken: { key: string; plan: NetworkPlan }[] = [];

  constructor(private readonly record: (key: string) => NetworkPlan) {}

  /** a plan that nobody else uses until `giveBack` */
  take(key: string): NetworkPlan {
    const plan = this.free.get(key)?.pop() ?? this.record(key);
    this.taken.push({ key, plan });
    return plan;
  }

  /** Every plan that was taken is free again. */
  giveBack(): void {
    for (const { key, plan } of this.taken.splice(0)) {
      const plans = this.free.get(key) ?? [];
      this.free.delete(key);
      this.free.set(key, [...plans, plan]);
    }
    while (this.free.size > MOST || (this.free.size > 1 && this.bytes > MOST_ARENAS)) this.forgetOldest();
  }

  /** bytes of all arenas */
  get bytes(): number {
    return [...this.all].reduce((sum, { plan }) => sum + plan.arenaBytes, 0);
  }

  /** debug: see `Plan.unwritten` */
  async unwritten(): Promise<string[]> {
    return (await Promise.all(this.all.map(({ plan }) => plan.unwritten()))).flat();
  }

  /** what was recorded reads memory that is not the network's any more; nothing is under way */
  forget(): void {
    this.dispose();
  }

  dispose(): void {
    for (const { plan } of this.all) plan.dispose();
    this.free.clear();
    this.taken.length = 0;
  }

  private get all(): NetworkPlan[] {
    return [...[...this.free.values()].flat(), ...this.taken.map(({ plan }) => plan)];
  }

  private forgetOldest(): void {
    const [key, plans] = this.free.entries().next().value as [string, NetworkPlan[]];
    for (const { plan } of plans) plan.dispose();
    this.free.delete(key);
  }
}
