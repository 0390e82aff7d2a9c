import { describe, expect, it } from 'vitest';
import { type Thread, WorkerClient } from '../../src/client/workerClient';
import { LabError } from '../../src/contract/errors';
import type { Message, Request } from '../../src/contract/protocol';

/** A thread whose other end is held by the test. */
class ScriptedThread implements Thread {
  readonly sent: Request[] = [];
  terminated = false;
  private readonly listeners: Record<string, ((event: never) => void)[]> = {};
  postMessage(message: Request): void {
    this.sent.push(structuredClone(message));
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

  it('leaves the caller its buffers', async () => {
    const { client } = setUp();
    const bytes = new Uint8Array([1, 2, 3]);
    void client.call('shelf/import', { bytes, name: 'x' }).catch(() => undefined);
    expect(bytes.byteLength).toBe(3);
    client.dispose();
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
