import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback, type Config } from '@hotline/platform';
import ipaddr from 'ipaddr.js';

export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The receiver lies where no message may go: in the inner network, or nowhere. It is not told which. */
export class ReceiverRefused extends Error {
  readonly code = 'address_refused';

  constructor() {
    super('the receiver has no public address');
    this.name = 'ReceiverRefused';
  }
}

type Allowance = Pick<Config, 'webhookHosts' | 'development'>;

/** Azure answers machines inside at this address, which looks public. */
const publicInside = ['168.63.129.16'];

/**
 * The address of a receiver as it may be written down: https, no user or password, no fragment, and no inner address.
 * Plain http goes to this machine alone, or anywhere while developing.
 */
export function isReceiverUrl(text: string, allowance: Allowance): boolean {
  if (!URL.canParse(text) || text.length > 2_000) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  const mayBePlain = allowance.development || (isLoopback(url.hostname) && isAllowed(url, allowance));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain)) return false;
  const host = bare(url.hostname);
  return isIP(host) === 0 || isAllowed(url, allowance) || isPublic(host);
}

/**
 * Where the host of a receiver is now. The connection has to be made to exactly this address: asked a second time, a name
 * may lead elsewhere. A host that has any inner address is refused, unless the installation names it.
 * @throws ReceiverRefused
 */
export async function pinReceiver(url: URL, allowance: Allowance): Promise<PinnedAddress> {
  const host = bare(url.hostname);
  const found = await lookup(host, { all: true }).catch(() => []);
  const [first] = found;
  if (!first) throw new ReceiverRefused();
  if (!isAllowed(url, allowance) && !found.every(({ address }) => isPublic(address))) throw new ReceiverRefused();
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}

/** Whether an address is one of the public network: neither of this machine, nor of a network inside, nor reserved. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0 || publicInside.includes(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // Of IPv6 only what is given out as global: an old form of the rest carries IPv4 addresses.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR('2000::/3'));
}

/** By name, or by name and port. */
function isAllowed(url: URL, { webhookHosts }: Allowance): boolean {
  return webhookHosts.includes(url.hostname) || webhookHosts.includes(url.host);
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
