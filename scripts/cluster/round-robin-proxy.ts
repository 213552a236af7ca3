import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createProxyServer, type ProxyServer } from 'http-proxy-3';

/** Passes requests and WebSockets on to each of several servers in turn, and says to them who asked. */
export class RoundRobinProxy {
  private turn = 0;
  private readonly server: Server;
  private readonly proxy: ProxyServer = createProxyServer({ xfwd: true });
  private readonly sockets = new Set<Duplex>();

  /** @param targets addresses of the servers that can be used now */
  constructor(private readonly targets: () => readonly string[]) {
    this.server = createServer((request, response) => {
      this.proxy.web(request, response, { target: this.next() }, () => {
        // Who was cut off asks again, and then another answers; what was half told cannot be taken back.
        if (response.headersSent) return void response.destroy();
        response.writeHead(502, { 'content-type': 'application/json', connection: 'close' });
        response.end('{"error":{"code":"no_server"}}');
      });
    });
    // How long a request may take is for the servers to say.
    this.server.requestTimeout = 0;
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.add(socket.once('close', () => this.sockets.delete(socket)));
      this.proxy.ws(request, socket, head, { target: this.next() }, () => socket.destroy());
    });
  }

  /** Port it listens on. @throws Error when the port is taken */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await closed;
  }

  private next(): string {
    const targets = this.targets();
    this.turn += 1;
    // With nobody there the connection is refused, and so is the request.
    return targets[this.turn % targets.length] ?? 'http://127.0.0.1:1';
  }
}
