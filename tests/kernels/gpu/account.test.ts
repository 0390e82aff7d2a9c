/** The account of a card: everything that passes the device, whoever sends it. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Account, accountOf } from '../../../src/core/kernels/gpu/account';
import { PassTimer } from '../../../src/core/kernels/gpu/passTimer';
import { startBackend, tf } from '../../../src/core/tf';

const clock = { now: 0 };
let device: GPUDevice;
let account: Account;

beforeAll(async () => {
  device = (await startBackend('webgpu')).device as GPUDevice;
  account = accountOf(device, () => clock.now);
  tf.env().set('WEBGPU_CPU_FORWARD', false);
});

const x = () => tf.ones([64, 64]);
const read = async (tensor: tf.Tensor): Promise<void> => {
  await tensor.data();
  tensor.dispose();
};

describe('the account of a device', () => {
  let before: Account['reading'];
  beforeEach(() => {
    before = account.reading;
  });

  it('is one and the same, and its readings do not change afterwards', async () => {
    expect(accountOf(device, () => 0)).toBe(account);
    await read(tf.tidy(() => tf.square(x())));
    expect(before).not.toEqual(account.reading);
  });

  it('counts what tf.js sends: a dispatch and a bind group for each operation', async () => {
    await read(tf.tidy(() => tf.sqrt(tf.square(x()))));
    const after = account.reading;
    expect(after.dispatches - before.dispatches).toBeGreaterThanOrEqual(2);
    expect(after.bindGroups - before.bindGroups).toBe(after.dispatches - before.dispatches);
    expect(after.submits - before.submits).toBeGreaterThanOrEqual(1);
  });

  it('knows how many bytes are held, and that a buffer is given back once', () => {
    const buffers = [100, 28].map((size) => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
    expect(account.reading.bytes - before.bytes).toBe(128);
    expect(account.reading.buffers - before.buffers).toBe(2);
    buffers[0]!.destroy();
    buffers[0]!.destroy();
    expect(account.reading.bytes - before.bytes).toBe(28);
    buffers[1]!.destroy();
    expect(account.reading.bytes).toBe(before.bytes);
  });

  it('tells JavaScript from waiting, also where one goes on while the other does', async () => {
    const staging = [0, 1].map(() =>
      device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
    );
    clock.now += 3; // before the first request
    const first = staging[0]!.mapAsync(GPUMapMode.READ);
    clock.now += 5; // the next step is prepared while the first answer is on its way
    const second = staging[1]!.mapAsync(GPUMapMode.READ);
    clock.now += 40; // nothing to do but wait
    await Promise.all([first, second]);
    clock.now += 7; // with the answers
    expect(account.reading.scriptMs - before.scriptMs).toBe(3 + 5 + 7);
    for (const buffer of staging) buffer.destroy();
  });
});

describe('the clock of the card', () => {
  const timer = () => account.timer as PassTimer;
  const submitted = () => device.queue.onSubmittedWorkDone();

  it('says how long passes took that ran while it was on', async () => {
    timer().run();
    await read(tf.tidy(() => tf.matMul(tf.ones<tf.Rank.R2>([128, 128]), tf.ones<tf.Rank.R2>([128, 128]))));
    timer().hold();
    const reading = timer().read();
    expect(timer().isIdle).toBe(false);
    expect(await reading).toBeGreaterThan(0);
    expect(timer().isIdle).toBe(true);
  });

  it('goes on after a pause, and what ran in the pause is not in it', async () => {
    timer().run();
    timer().hold();
    await read(tf.tidy(() => tf.square(x())));
    await submitted();
    expect(await timer().read()).toBeNull();
  });

  it('says nothing when there were more passes than it can time', async () => {
    const own = new PassTimer(device);
    own.run();
    for (let i = 0; i < 2048; i++) expect(own.timestampWrites).toBeDefined();
    expect(own.timestampWrites).toBeUndefined();
    expect(await own.read()).toBeNull();
    own.run();
    expect(own.timestampWrites).toMatchObject({ beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 });
  });
});
