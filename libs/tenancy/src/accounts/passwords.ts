import { readFileSync } from 'node:fs';
import { hash, verify } from '@node-rs/argon2';
import { TenancyError } from '../tenancy-error.js';

/** argon2id at the least OWASP asks for: about 11 ms and 19 MiB a try. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const shortest = 8;
const longest = 128;

let common: ReadonlySet<string> | undefined;
let unknown: Promise<string> | undefined;

/** @throws TenancyError password_rejected, with the reason too_short, too_long or common */
export function requireGoodPassword(password: string): void {
  const length = Array.from(password).length;
  const reject = (reason: string) => new TenancyError('password_rejected', { reason, shortest, longest });
  if (length < shortest) throw reject('too_short');
  if (length > longest) throw reject('too_long');
  common ??= new Set(
    readFileSync(new URL('../../data/common-passwords.txt', import.meta.url), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  if (common.has(password.toLowerCase())) throw reject('common');
}

/** PHC string: algorithm, cost, salt and hash. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), cost);
}

/** Without a hash the same work is done for nothing, so that an unknown account takes as long to refuse as a wrong password. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  unknown ??= hashPassword('an account that is not there');
  // Nobody has a longer one, and hashing whatever comes in would be work for an attacker's taking.
  const tried = Array.from(password).length > longest ? '' : password.normalize('NFC');
  const right = await verify(passwordHash ?? (await unknown), tried);
  return right && passwordHash !== null;
}

/** Whether the hash was made at less cost than today's. */
export function isOutdated(passwordHash: string): boolean {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(passwordHash);
  if (!found) return true;
  const [memory, time] = found.slice(1).map(Number);
  return memory === undefined || time === undefined || memory < cost.memoryCost || time < cost.timeCost;
}
