import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before PostgreSQL and never passes on the first connection of an application: it is not answered at all. */
export class SilentRelay {
  /** Connections that it left without an answer. */
  unanswered = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** Address of the database behind it. */
    readonly url: string,
  ) {}

  static async start(databaseUrl: string, applicationName: string): Promise<SilentRelay> {
    const [server, url] = [createServer(), new URL(databaseUrl)];
    const port = Number(url.port);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url.port = String((server.address() as AddressInfo).port);
    const relay = new SilentRelay(server, url.href);
    server.on('connection', (socket) => relay.serve(socket, port, applicationName));
    return relay;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private serve(socket: Socket, port: number, applicationName: string): void {
    this.keep(socket).once('data', (greeting) => {
      if (this.unanswered === 0 && greeting.includes(`application_name\0${applicationName}\0`)) {
        this.unanswered += 1;
        return;
      }
      const database = this.keep(createConnection(port, '127.0.0.1'));
      database.write(greeting);
      socket.pipe(database).pipe(socket);
    });
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}
