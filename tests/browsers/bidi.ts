/** WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): commands with answers, and events, over one web socket. */
import { WebSocket } from 'ws';

interface Message {
  type: 'success' | 'error' | 'event';
  id?: number;
  result?: unknown;
  error?: string;
  message?: string;
  method?: string;
  params?: unknown;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class BidiConnection {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(
    private readonly socket: WebSocket,
    onEvent: (method: string, params: unknown) => void,
  ) {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.type === 'event') onEvent(message.method ?? '', message.params);
      else this.settle(message);
    });
    socket.on('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the browser is gone'));
      this.waiting.clear();
    });
  }

  static async open(url: string, onEvent: (method: string, params: unknown) => void): Promise<BidiConnection> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new BidiConnection(socket, onEvent);
  }

  /** @returns the command's result, of the shape that the specification gives it */
  send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.lastId;
    return new Promise<Result>((resolve, reject) => {
      this.waiting.set(id, { resolve: (result) => resolve(result as Result), reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.socket.close();
  }

  private settle({ id, type, result, error, message }: Message): void {
    const waiting = this.waiting.get(id ?? 0);
    this.waiting.delete(id ?? 0);
    if (type === 'success') waiting?.resolve(result);
    else waiting?.reject(new Error(`${error}: ${message}`));
  }
}
