/** Pulls the driver of one run as its activity has it; pause is not pulling. Nothing ticks while nothing runs. */
import type { LiveKnobs } from '../contract/config';
import type { CheckpointInfo, RunKind } from '../contract/domain';
import { LabError } from '../contract/errors';
import type { MetricValues } from '../contract/metrics';
import { countOf } from '../contract/numbers';
import type { RunState } from '../contract/protocol';
import type { RunBatch } from '../contract/stepBatch';
import type { Account } from '../core/kernels/gpu/account';
import { measuring, observing } from '../core/kernels/timeline';
import * as activity from './activity';
import { BetweenPulls } from './betweenPulls';
import { Costs } from './costs';
import type { Driver, RunMemory, SavedModel } from './driver';
import { explain, reportError } from './errors';
import { Holding, settled } from './holding';
import { RunFacts } from './runFacts';
import { RunNews } from './runNews';
import type { Emit } from './serve';
import { Snapshots } from './snapshots';

/** What the controller takes from its surroundings. */
export interface Host {
  emit: Emit;
  /** milliseconds, steady */
  now(): number;
  /** lets waiting calls be answered */
  breathe(): Promise<void>;
  /** whether this error is the engine's end; then the session rebuilds the run */
  isEngineLost(error: unknown): Promise<boolean>;
  /** of the graphics card in use; null off WebGPU */
  account(): Account | null;
}

/** how one pull is called where time is told; PPO has its phases */
const PULLS: Record<RunKind, string> = {
  pretrain: 'pretraining step',
  finetune: 'fine-tuning step',
  reward: 'reward model step',
  dpo: 'DPO step',
  bestOf: 'best-of-N prompt',
  ppo: 'PPO',
};

/** a run that leaves nothing on the shelf is done when its last step is */
const isFinished = ({ kind, step, totalSteps }: Driver): boolean => kind === 'bestOf' && step >= totalSteps;

export class RunController {
  readonly snapshots: Snapshots;
  private activity: activity.Activity;
  private readonly facts: RunFacts;
  private readonly costs: Costs;
  /** everything that touches the driver, one after the other */
  private job: Promise<void> = Promise.resolve();
  private readonly news: RunNews;
  private readonly waiting = new BetweenPulls();
  private readonly holding: Holding;

  constructor(
    readonly runId: string,
    private driver: Driver,
    private readonly host: Host,
    private readonly memory: RunMemory = { elapsedMs: 0, latest: {}, checkpointId: null },
  ) {
    this.snapshots = new Snapshots(host.now);
    this.holding = new Holding(host.now);
    this.costs = new Costs(() => this.holding.now());
    this.news = new RunNews(host.now, this.emit);
    this.pullFrom(driver);
    const isOver = memory.checkpointId !== null || isFinished(driver);
    this.activity = { name: isOver ? 'done' : driver.step > 0 ? 'paused' : 'idle' };
    this.facts = new RunFacts(runId, driver, memory);
  }

  get state(): RunState {
    return { ...this.facts.told, status: activity.statusOf(this.activity) };
  }

  get network() {
    return this.driver.network;
  }

  /** @param until pauses after this many steps; it stands there already when they are finished */
  play(until?: number): RunState {
    if (until !== undefined && this.atBoundary && this.driver.step >= until) return this.state;
    const before = this.activity;
    const now = activity.play(before, until ?? null);
    if (now === before) return this.state;
    this.become(now, { message: 'Training.' });
    if (before.name === 'pausing') before.resume();
    if (this.holding.isHeld) this.holding.release();
    else if (!activity.isLooping(before)) this.start((driver) => this.loop(driver));
    return this.state;
  }

  /** resolves when the step in hand is finished or stands still, or when someone presses play again meanwhile */
  async pause(): Promise<RunState> {
    this.activity = activity.pause(this.activity);
    if (this.activity.name === 'pausing') await Promise.race([this.job, this.activity.resumed, this.holding.next()]);
    else if (!this.holding.isHeld) await this.job;
    return this.state;
  }

  async step(): Promise<RunState> {
    if (activity.isLooping(this.activity)) return this.pause();
    if (this.holding.isHeld) {
      this.activity = activity.step(this.activity); // the rest of it
      this.holding.release();
    } else this.start((driver) => this.stepOnce(driver));
    await this.job;
    return this.state;
  }

  adjust(knobs: LiveKnobs): RunState {
    this.driver.adjust(knobs);
    this.snapshots.outdate();
    return this.state;
  }

  /** what was trained on last: of PPO the last iteration that is done, while the next one may be under way */
  batch(): Promise<RunBatch | null> {
    return observing(() => this.driver.batch());
  }

  watch(attention: boolean): void {
    this.driver.watch(attention);
  }

  /** while nothing can be saved, the snapshot before, at once: who waited for a whole run would hold a pause up */
  async save(): Promise<Uint8Array> {
    const take = async () => {
      await this.snapshot();
      // the numbers up to it are told before it is: stored without them, its curve would have a gap
      this.news.tell(this.state);
    };
    if (this.driver.isWhole) await this.between(take);
    const { last } = this.snapshots;
    if (!last) throw new Error(`run ${this.runId} has not been saved yet`);
    return last.slice();
  }

  async keep(): Promise<CheckpointInfo> {
    if (this.holding.isHeld && !this.driver.isWhole) await this.step(); // the rest of what is learned in one go
    const kept = await this.between(async () => {
      const made = await this.driver.keep(this.memory.latest);
      if (made) this.tellModel(made, false);
      return made;
    });
    if (!kept) throw new LabError('run/missingInput', 'This run trains no model, so there is nothing to keep.');
    return kept.info;
  }

  /** ends the run for good; nothing is told about it any more */
  async dispose(): Promise<void> {
    const { name } = this.activity;
    this.activity = activity.dispose(this.activity);
    this.holding.release();
    await this.job;
    const isAnswering = name !== 'stalled' && name !== 'abandoned'; // an answer of a dead device may never come
    if (isAnswering) await this.waiting.serve();
    else this.waiting.drop(new LabError('run/missingInput', `The run ${this.runId} is gone.`));
    const freed = this.driver.dispose();
    if (isAnswering) await freed;
  }

  /** ends the run from outside: what it computes with is gone */
  end(error: unknown): void {
    if (activity.isOver(this.activity)) return;
    this.job = Promise.resolve();
    this.tellFailure(error, activity.abandon);
    this.holding.release();
    this.waiting.drop(explain(error));
  }

  /** goes on with another driver after the engine was replaced; the old one died with it */
  replaceDriver(driver: Driver, message: string): void {
    if (this.activity.name === 'disposed') return void driver.dispose(); // it was freed while this one was built
    void this.driver.dispose().catch(() => undefined);
    this.driver = driver;
    this.holding.release();
    this.pullFrom(driver);
    this.facts.rest();
    this.activity = activity.arrive(this.activity, driver.step);
    this.news.goBackTo(driver.step);
    this.facts.change({ step: driver.step, phase: driver.phase, message });
    this.news.tell(this.state);
    this.job = this.waiting.serve();
  }

  private get atBoundary(): boolean {
    return this.driver.phase === null || this.driver.phase === 'rollout';
  }

  /**
   * whether work with this driver still counts: a loop that wakes up after it was replaced, or ended, leaves quietly
   */
  private has(driver: Driver): boolean {
    return this.driver === driver && !activity.isOver(this.activity);
  }

  private start(work: (driver: Driver) => Promise<void>): void {
    const { driver } = this;
    this.job = this.job.then(() => work(driver)).catch((error) => this.fail(error, driver));
  }

  private async loop(driver: Driver): Promise<void> {
    while (this.has(driver)) {
      if (this.activity.name === 'running') {
        if (!(await this.pull(driver))) return;
        await this.waiting.serve();
        await this.host.breathe();
      } else if (this.activity.name === 'pausing' || this.activity.name === 'stepping') {
        await this.store(driver);
        this.rest(driver);
      } else return this.waiting.serve();
    }
  }

  private async stepOnce(driver: Driver): Promise<void> {
    this.activity = activity.step(this.activity);
    if (!this.has(driver) || !activity.isPulling(this.activity) || !(await this.pull(driver))) return;
    await this.store(driver);
    this.rest(driver);
  }

  /** @returns false when the run ended or was replaced meanwhile */
  private async pull(driver: Driver): Promise<boolean> {
    const { phase } = driver;
    if (phase === 'optimisation' && !this.snapshots.last) await this.snapshot(); // a pause in it goes back to one
    const began = this.holding.now();
    this.costs.begin(this.host.account());
    const progress = await measuring('phase', phase ?? PULLS[driver.kind], () => driver.next());
    this.costs.end();
    if (!this.has(driver)) return false;
    if (progress !== null) this.count(phase, began, progress.values);
    if (progress === null || (this.atBoundary && driver.step >= driver.totalSteps)) {
      await this.finish(driver);
      return false;
    }
    if (this.hasReachedGoal) this.activity = activity.pause(this.activity);
    await this.housekeeping();
    return this.has(driver);
  }

  private pullFrom(driver: Driver): void {
    driver.betweenSlices = () => this.betweenSlices(driver);
  }

  /**
   * In the middle of a pull: what waits is answered, and a pause takes hold. @throws when nobody wants the rest of the
   * pull
   */
  private async betweenSlices(driver: Driver): Promise<void> {
    this.costs.end();
    await this.host.breathe();
    if (this.driver === driver && driver.isWhole) await this.waiting.serve();
    // what waits for a whole run is served first
    if (this.driver === driver && this.activity.name === 'pausing' && this.waiting.isEmpty) await this.hold(driver);
    if (this.driver !== driver || !activity.isPulling(this.activity)) throw new Error('nobody waits for it');
    this.costs.begin(this.host.account());
  }

  /** unless someone presses play before it is stored */
  private async hold(driver: Driver): Promise<void> {
    await this.store(driver);
    if (this.driver !== driver || this.activity.name !== 'pausing') return;
    const released = this.holding.hold();
    this.rest(driver);
    await released;
  }

  private get hasReachedGoal(): boolean {
    const { activity: now, driver } = this;
    return now.name === 'running' && now.until !== null && this.atBoundary && driver.step >= now.until;
  }

  private count(phase: RunState['phase'], began: number, learned: MetricValues | null): void {
    this.facts.countPull(this.driver, phase, began, this.holding.now());
    if (learned) this.news.add(this.facts.learn({ ...learned, ...this.costs.take() }));
  }

  private async housekeeping(): Promise<void> {
    if (this.news.isDue) this.news.tell(this.state);
    await observing(() => this.driver.show(false));
    const { save, tell } = this.snapshots.due();
    if (save) await this.snapshot();
    if (tell) this.tellSnapshot();
  }

  /** shows everything and saves it here, after the last pull of a pause, of a single step or of the run */
  private async settle(driver: Driver): Promise<void> {
    this.facts.rest();
    await driver.show(true);
    await this.snapshot();
    if (this.has(driver)) this.news.tell(this.state);
  }

  private async store(driver: Driver): Promise<void> {
    await this.settle(driver);
    if (!this.has(driver)) return;
    this.tellSnapshot();
    this.snapshots.rest();
  }

  /** unless someone pressed play meanwhile */
  private rest(driver: Driver): void {
    const now = activity.rest(this.activity);
    if (!this.has(driver) || now === this.activity) return;
    this.become(now, { message: this.facts.paused(driver, this.atBoundary, this.snapshots.step) });
  }

  /**
   * its model and its end are told together: one without the other is not worth storing, and the last snapshot neither
   */
  private async finish(driver: Driver): Promise<void> {
    const made = await measuring('observation', 'saving', () => driver.keep(this.memory.latest));
    const checkpointId = made?.info.checkpointId ?? null;
    this.memory.checkpointId = checkpointId;
    this.snapshots.outdate(); // the last one knows its checkpoint
    await this.settle(driver);
    if (!this.has(driver)) return;
    if (made) this.tellModel(made, true);
    this.become(activity.finish(this.activity), {
      checkpointId,
      message: `Done after ${countOf(this.facts.told.step, 'step')}.`,
    });
    await this.waiting.serve();
  }

  private async fail(error: unknown, driver: Driver): Promise<void> {
    if (!this.has(driver) || this.activity.name === 'disposed') return;
    const isLost = await this.host.isEngineLost(error);
    if (!this.has(driver)) return;
    if (isLost) {
      this.activity = activity.stall(this.activity);
      return;
    }
    const hasStopped = error instanceof LabError && error.code === 'run/klCeiling';
    this.tellFailure(error, hasStopped ? activity.stop : activity.fail);
    await this.waiting.serve();
  }

  private tellFailure(error: unknown, move: (now: activity.Activity) => activity.Activity): void {
    const explained = explain(error);
    this.news.tell(this.state);
    this.tellSnapshot();
    this.become(move(this.activity), { step: this.driver.step, phase: this.driver.phase, message: explained.message });
    this.emit('run/failed', { runId: this.runId, error: reportError(explained) });
  }

  /** a run that failed, or learns, has nothing worth saving: the one before stays */
  private async snapshot(): Promise<void> {
    if (activity.isOver(this.activity) || !this.driver.isWhole) return;
    await measuring('observation', 'saving', () => this.snapshots.take(this.driver, this.memory));
  }

  /** for storage */
  private tellSnapshot(): void {
    const snapshot = this.snapshots.tell();
    if (!snapshot) return;
    this.news.tell(this.state);
    this.emit('run/snapshot', { runId: this.runId, kind: this.driver.kind, ...snapshot });
  }

  private tellModel(model: SavedModel, isResult: boolean): void {
    this.emit('shelf/saved', { runId: this.runId, ...model, isResult });
  }

  private become(now: activity.Activity, facts: Partial<RunState>): void {
    this.activity = now;
    this.facts.change(facts);
    this.emit('run/state', this.state);
  }

  private emit: Emit = (event, data) => {
    if (this.activity.name !== 'disposed') this.host.emit(event, data);
  };

  /** does the task between two pulls of a run that plays, otherwise when whatever it does now is finished */
  private between<T>(task: () => Promise<T>): Promise<T> {
    if (activity.isLooping(this.activity)) return this.waiting.add(task);
    if (this.holding.isHeld) return this.holding.add(task);
    const done = this.job.then(task);
    this.job = settled(done);
    return done;
  }
}
