import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before PostgreSQL and never passes on the first connection of an application: it is not answered at all. */
export class SlowRelay {
  /** Connections that were left waiting. */
  delayed = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** Address of the database behind it. */
    readonly url: string,
  ) {}

  static async start(databaseUrl: string, applicationName: string): Promise<SlowRelay> {
    const [server, url] = [createServer(), new URL(databaseUrl)];
    const port = Number(url.port);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url.port = String((server.address() as AddressInfo).port);
    const relay = new SlowRelay(server, url.href);
    server.on('connection', (socket) => void relay.serve(socket, port, applicationName));
    return relay;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private async serve(socket: Socket, port: number, applicationName: string): Promise<void> {
    this.keep(socket);
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    if (this.delayed === 0 && greeting.includes(`application_name\0${applicationName}\0`)) {
      this.delayed += 1;
      return;
    }
    const database = this.keep(createConnection(port, '127.0.0.1'));
    database.write(greeting);
    socket.pipe(database).pipe(socket);
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}
