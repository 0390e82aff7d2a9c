/** The plain multiply-add loop in the page, by as many threads as the kernels have. */
import { COUNT } from '../../loopSize';

/** another thread: a message sets it going, and tells when it is done */
const SCRIPT = `
self.onmessage = async ({ data }) => {
  const { instance } = await WebAssembly.instantiate(data, { env: { memory: new WebAssembly.Memory({ initial: 1, maximum: 65536 }) } });
  self.onmessage = ({ data }) => { instance.exports.run(256, data); self.postMessage('done'); };
  self.postMessage('ready');
};
`;

const answer = (thread: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    thread.onmessage = () => resolve();
    thread.onerror = ({ message }) => reject(new Error(message));
  });

/** @returns what runs it once, on all of them */
export async function loopOn(threads: number, bytes: Uint8Array<ArrayBuffer>): Promise<() => Promise<void>> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const { run } = instance.exports as { run(at: number, count: number): void };
  const address = URL.createObjectURL(new Blob([SCRIPT], { type: 'text/javascript' }));
  const others = Array.from({ length: threads - 1 }, () => new Worker(address));
  const all = (message: unknown) =>
    Promise.all(
      others.map((other) => {
        const answered = answer(other);
        other.postMessage(message);
        return answered;
      }),
    );
  await all(bytes);
  return async () => {
    const ends = all(COUNT);
    run(256, COUNT);
    await ends;
  };
}
