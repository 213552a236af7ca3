import { isIPv6 } from 'node:net';

/**
 * What is counted as one address: an IPv4 address, or the network of an IPv6 address, whose last 64 bits its holder
 * chooses at will.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [front = '', back = ''] = (address.split('%')[0] ?? '').split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const missing = 8 - groups(front).length - groups(back).length;
  const all = [...groups(front), ...Array<string>(Math.max(missing, 0)).fill('0'), ...groups(back)];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
