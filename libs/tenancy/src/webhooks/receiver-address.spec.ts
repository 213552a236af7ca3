import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { postMessage } from './post-message.js';
import { isPublic, isReceiverUrl, pinReceiver } from './receiver-address.js';

const nobody = { webhookHosts: [], development: false };

describe('an address that messages may go to', () => {
  it.each([
    ['of this machine', '127.0.0.1', '127.8.9.10', '0.0.0.0', '::1', '::'],
    ['of a network inside', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1', 'fec0::1'],
    ['of the link', '169.254.1.1', 'fe80::1'],
    [
      'that tells machines of a cloud about themselves',
      '169.254.169.254',
      'fd00:ec2::254',
      '100.100.100.200',
      '168.63.129.16',
    ],
    [
      'of IPv4 in IPv6',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::127.0.0.1',
      '64:ff9b::a00:1',
      '2002:7f00:1::',
      '::ffff:8.8.8.8',
    ],
    [
      'of many or of none',
      '224.0.0.1',
      '255.255.255.255',
      'ff02::1',
      '240.0.0.1',
      '192.0.2.1',
      '2001:db8::1',
      '198.18.0.1',
    ],
    ['that is none', 'example.gov.cn', '', '1.2.3', '999.1.1.1'],
  ])('is none %s', (_, ...addresses) => {
    expect(addresses.filter(isPublic)).toEqual([]);
  });

  it('is a public one', () => {
    const addresses = ['8.8.8.8', '223.5.5.5', '172.32.0.1', '2400:3200::1', '2606:4700::1111'];
    expect(addresses.filter(isPublic)).toEqual(addresses);
  });

  it.each([
    ['https://hub.city.gov.cn/hooks?k=1', true],
    ['https://8.8.8.8/hooks', true],
    ['http://hub.city.gov.cn/hooks', false],
    ['https://user:secret@hub.city.gov.cn/', false],
    ['https://hub.city.gov.cn/#part', false],
    ['https://127.0.0.1/', false],
    // All of these are 127.0.0.1 to a browser and to Node.
    ['https://2130706433/', false],
    ['https://0x7f.1/', false],
    ['https://0177.0.0.1/', false],
    ['https://[::ffff:127.0.0.1]/', false],
    ['https://169.254.169.254/latest/meta-data', false],
    ['ftp://hub.city.gov.cn/', false],
    ['file:///etc/passwd', false],
    ['hub.city.gov.cn', false],
    [`https://hub.city.gov.cn/${'a'.repeat(2_000)}`, false],
  ])('may be written %s: %s', (text, allowed) => {
    expect(isReceiverUrl(text, nobody)).toBe(allowed);
  });

  it('may lie inside where the installation names it, by host or by host and port', () => {
    const named = { webhookHosts: ['10.1.2.3:8443', '127.0.0.1', 'hub.local'], development: false };
    const may = (text: string): boolean => isReceiverUrl(text, named);
    expect(may('https://10.1.2.3:8443/')).toBe(true);
    expect(may('https://10.1.2.3/')).toBe(false);
    // In the clear only on this machine.
    expect(may('http://127.0.0.1:9000/')).toBe(true);
    expect(may('http://hub.local/')).toBe(false);
    expect(isReceiverUrl('http://hub.example/', { ...nobody, development: true })).toBe(true);
  });

  it('is looked at when the message goes out, as a name may lead inside', async () => {
    const url = new URL('https://localhost/');
    expect(isReceiverUrl(url.href, nobody)).toBe(true);
    await expect(pinReceiver(url, nobody)).rejects.toMatchObject({ code: 'address_refused' });
    await expect(pinReceiver(new URL('https://nowhere.invalid/'), nobody)).rejects.toMatchObject({
      code: 'address_refused',
    });
    const allowed = await pinReceiver(url, { ...nobody, webhookHosts: ['localhost'] });
    expect(['127.0.0.1', '::1']).toContain(allowed.address);
  });
});

describe('a message', () => {
  let server: Server | null = null;
  const listen = async (answer: RequestListener): Promise<number> => {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = null;
  });
  const here = { address: '127.0.0.1', family: 4 } as const;

  it('goes to the address that was looked at, whatever the name leads to by then', async () => {
    let host: string | undefined;
    const port = await listen((request, response) => {
      host = request.headers.host;
      response.end('ok');
    });
    // Nobody can look this name up: had it been asked for again, there would be no connection.
    expect(await postMessage(new URL(`http://rebound.invalid:${port}/`), here, {}, '{}')).toEqual({
      status: 200,
      excerpt: 'ok',
    });
    expect(host).toBe(`rebound.invalid:${port}`);
  });

  it('follows no redirect', async () => {
    const asked: (string | undefined)[] = [];
    const port = await listen((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await postMessage(new URL(`http://a.invalid:${port}/here`), here, {}, '{}')).toMatchObject({ status: 302 });
    expect(asked).toEqual(['/here']);
  });

  it('is not answered at any length', async () => {
    const port = await listen((_, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (response.write('x\u0000'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const { status, excerpt } = await postMessage(new URL(`http://a.invalid:${port}/`), here, {}, '{}');
    expect(status).toBe(500);
    expect(excerpt).toMatch(/^(x )+x?$/);
    expect(excerpt.length).toBeLessThanOrEqual(300);
  });

  it('does not wait for ever: neither for an answer nor for its end', async () => {
    const silent = await listen(() => undefined);
    const post = (port: number) => postMessage(new URL(`http://a.invalid:${port}/`), here, {}, '{}', 200);
    await expect(post(silent)).rejects.toMatchObject({ name: 'TimeoutError' });
    server?.closeAllConnections();
    server?.close();
    const endless = await listen((_, response) => void response.write('x'));
    await expect(post(endless)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
