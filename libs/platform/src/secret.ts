import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';

const weakWords = /change.?me|password|passw0rd|secret|example|default|hotline|12345678|abcdefgh|qwerty/i;

/** Words from manuals, and texts of few different characters. */
export function isWeakSecret(secret: string): boolean {
  return weakWords.test(secret) || new Set(secret).size < 12;
}

/** The secret of a data folder, made on first use. */
export function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  try {
    mkdirSync(dataDir, { recursive: true });
    return existing(path) ?? made(path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('data_dir_unusable', { path: dataDir, reason: (error as NodeJS.ErrnoException).code ?? '?' });
  }
}

function existing(path: string): string | null {
  try {
    const secret = readFileSync(path, 'utf8').trim();
    chmodSync(path, 0o600);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written aside and linked, so that of two processes that start together both read the same whole secret. */
function made(path: string): string {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

/** Password of a database login: follows from the secret, so that none is ever written down. */
export function loginPassword(secret: string, login: string): string {
  return createHmac('sha256', secret).update(`hotline:login:${login}`).digest('base64url');
}
