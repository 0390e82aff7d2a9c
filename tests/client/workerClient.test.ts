import { describe, expect, it, vi } from 'vitest';
import { type Thread, WorkerClient } from '../../src/client/workerClient';
import { LabError } from '../../src/contract/errors';
import type { Calls, Message, Request } from '../../src/contract/protocol';

/** A thread whose other end is held by the test. */
class ScriptedThread implements Thread {
  readonly sent: Request[] = [];
  terminated = false;
  private readonly listeners: Record<string, ((event: never) => void)[]> = {};
  postMessage(message: Request, given: ArrayBuffer[]): void {
    this.sent.push(structuredClone(message, { transfer: given }));
  }
  addEventListener(type: string, listener: (event: never) => void): void {
    this.listeners[type] = [...(this.listeners[type] ?? []), listener];
  }
  terminate(): void {
    this.terminated = true;
  }
  fire(type: string, event: unknown): void {
    for (const listener of this.listeners[type] ?? []) (listener as (event: unknown) => void)(event);
  }
  say(data: Message): void {
    this.fire('message', { data });
  }
}

const setUp = () => {
  const thread = new ScriptedThread();
  return { thread, client: new WorkerClient(thread) };
};

describe('the client of the computing thread', () => {
  it('gives each answer to its own call, whatever the order', async () => {
    const { thread, client } = setUp();
    const memory = client.call('engine/memory', {});
    const list = client.call('shelf/list', {});
    thread.say({ id: thread.sent[1]?.id ?? 0, ok: true, result: [] });
    thread.say({ id: thread.sent[0]?.id ?? 0, ok: true, result: { tensors: 3, bytes: 12 } });
    await expect(memory).resolves.toEqual({ tensors: 3, bytes: 12 });
    await expect(list).resolves.toEqual([]);
  });

  it('gives files away, keeps what lies in a larger buffer, and copies all else', () => {
    const { thread, client } = setUp();
    const [file, part] = [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3, 4).subarray(1)];
    for (const bytes of [file, part]) void client.call('shelf/import', { bytes, name: 'a' });
    const text = Uint8Array.of(5, 6);
    void client.call('corpus/text', { bytes: text } as Calls['corpus/text']['params']);
    expect([file.length, part.length, text.length]).toEqual([0, 3, 2]);
    expect(thread.sent.map(({ params }) => [...(params as { bytes: Uint8Array }).bytes])).toEqual([
      [1, 2, 3],
      [2, 3, 4],
      [5, 6],
    ]);
  });

  it('throws typed errors as LabError and bugs as plain errors', async () => {
    const { thread, client } = setUp();
    const typed = client.call('shelf/list', {});
    const bug = client.call('shelf/list', {});
    thread.say({ id: 1, ok: false, error: { code: 'file/checkpoint', message: 'header', stack: undefined } });
    thread.say({ id: 2, ok: false, error: { code: undefined, message: 'oops', stack: 'oops at there' } });
    const error = await typed.catch((caught) => caught);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: 'file/checkpoint', message: 'header' });
    const other = await bug.catch((caught) => caught);
    expect(other).not.toBeInstanceOf(LabError);
    expect(other.stack).toBe('oops at there');
  });

  it('passes events on until a listener leaves', () => {
    const { thread, client } = setUp();
    const seen: number[] = [];
    const leave = client.on('engine/compiling', ({ done }) => seen.push(done));
    const event = (done: number): Message => ({ event: 'engine/compiling', data: { done } });
    thread.say(event(1));
    leave();
    thread.say(event(2));
    expect(seen).toEqual([1]);
  });

  it('starts the threads that the computing one asks for, tells whether they are up, and ends them with it', () => {
    const started: FakeHelper[] = [];
    class FakeHelper {
      onmessage: (() => void) | null = null;
      onerror: (() => void) | null = null;
      posted: unknown = null;
      isEnded = false;
      constructor() {
        started.push(this);
      }
      postMessage(post: unknown): void {
        this.posted = post;
      }
      terminate(): void {
        this.isEnded = true;
      }
    }
    vi.stubGlobal('Worker', FakeHelper);
    const { thread, client } = setUp();
    for (const helper of [1, 2, 3]) thread.say({ helper, post: `memory of ${helper}` });
    expect(started.map(({ posted }) => posted)).toEqual(['memory of 1', 'memory of 2', 'memory of 3']);
    started[1]!.onmessage?.();
    started[0]!.onerror?.();
    expect(thread.sent).toEqual([
      { helper: 2, isUp: true },
      { helper: 1, isUp: false },
    ]);
    thread.say({ helper: 1, post: null });
    expect(started.map(({ isEnded }) => isEnded)).toEqual([true, false, false]);
    client.dispose();
    expect(started.map(({ isEnded }) => isEnded)).toEqual([true, true, true]);
    vi.unstubAllGlobals();
  });

  it.each([
    ['error', { message: 'out of luck' }],
    ['messageerror', {}],
  ])('turns the thread’s %s into a crash, told once', async (type, event) => {
    const { thread, client } = setUp();
    let told = 0;
    client.onCrash(() => told++);
    const pending = client.call('engine/probe', {});
    thread.fire(type, event);
    thread.fire(type, event);
    await expect(pending).rejects.toMatchObject({ code: 'engine/crashed' });
    await expect(client.call('engine/probe', {})).rejects.toMatchObject({ code: 'engine/crashed' });
    expect(told).toBe(1);
    expect(thread.terminated).toBe(true);
  });

  it('rejects what was pending when it is closed', async () => {
    const { thread, client } = setUp();
    const pending = client.call('engine/probe', {});
    client.dispose();
    await expect(pending).rejects.toMatchObject({ code: 'engine/crashed' });
    expect(thread.terminated).toBe(true);
  });

  it('rejects a call whose params cannot travel, and goes on', async () => {
    const { thread, client } = setUp();
    const broken = { text: (() => 1) as unknown as string };
    await expect(client.call('corpus/tokens', broken)).rejects.toThrow();
    const next = client.call('corpus/tokens', { text: 'a' });
    thread.say({ id: thread.sent[0]?.id ?? 0, ok: true, result: [] });
    await expect(next).resolves.toEqual([]);
  });
});
