import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';

/** Variables that hold a secret or a password. Each may instead be named by a file: `HOTLINE_SECRET_FILE`. */
export const secretVariables = [
  'HOTLINE_SECRET',
  'HOTLINE_DATABASE_URL',
  'HOTLINE_APP_DATABASE_URL',
  'HOTLINE_BENCHMARK_DATABASE_URL',
  'HOTLINE_LISTEN_DATABASE_URL',
  'HOTLINE_REDIS_URL',
  'HOTLINE_SMTP_URL',
  'HOTLINE_OIDC_CLIENT_SECRET',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with the content of the files that it names for secrets, as containers hand them over. The environment
 * of a process is inherited by its children and shown by many tools; a file is neither.
 * @throws ConfigError secret_file_unreadable, secret_given_twice
 */
export function withSecretFiles(env: Environment): Environment {
  const found: Record<string, string | undefined> = { ...env };
  for (const variable of secretVariables) {
    const name = `${variable}_FILE`;
    const file = env[name]?.trim();
    delete found[name];
    if (file === undefined || file === '') continue;
    if ((env[variable]?.trim() ?? '') !== '') throw new ConfigError('secret_given_twice', { variable, file: name });
    found[variable] = contentOf(name, file);
  }
  return found;
}

function contentOf(variable: string, file: string): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError('secret_file_unreadable', {
      variable,
      file,
      reason: (error as NodeJS.ErrnoException).code ?? '?',
    });
  }
  // An empty file is a secret that was forgotten, not one that is not wanted.
  if (content === '') throw new ConfigError('secret_file_unreadable', { variable, file, reason: 'empty' });
  return content;
}
