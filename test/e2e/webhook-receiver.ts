import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Somebody's server that is told of things: keeps what it is sent and answers as it is told to. */
export class WebhookReceiver {
  readonly received: ReceivedMessage[] = [];
  /** Statuses of the next answers; 204 when there are no more. */
  readonly answers: number[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        receiver.received.push({ headers: plain(request.headers), body });
        const status = receiver.answers.shift() ?? 204;
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(status === 204 ? '' : '坏了');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new WebhookReceiver(server, (server.address() as AddressInfo).port);
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks`;
  }

  /** The first message that has arrived or will, taken out. */
  async next(): Promise<ReceivedMessage> {
    for (let tries = 0; tries < 1_200; tries += 1) {
      const message = this.received.shift();
      if (message) return message;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('no message came');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const plain = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
