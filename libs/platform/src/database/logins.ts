import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { ConfigError } from '../config-error.js';
import type { ExternalDatabase, PreparedDatabase } from '../config.js';
import { loginPassword } from '../secret.js';

/** Logs in for the application: sees the rows of one tenant at a time, owns nothing. */
export const appLogin = 'hotline_app';
/** Logs in for benchmark snapshots: reads what they are made of, writes nothing. */
export const benchmarkLogin = 'hotline_benchmark';
/** Logs in nowhere: owns the functions that look across tenants before one is known, and may do no more than they do. */
export const gateRole = 'hotline_gate';

/** Limits of each login, so that no statement, lock or forgotten transaction holds the others up. */
const limits: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [appLogin]: {
    statement_timeout: '15s',
    lock_timeout: '3s',
    idle_in_transaction_session_timeout: '30s',
    client_connection_check_interval: '1s',
    timezone: 'UTC',
  },
  [benchmarkLogin]: {
    default_transaction_read_only: 'on',
    statement_timeout: '60s',
    lock_timeout: '3s',
    idle_in_transaction_session_timeout: '30s',
    timezone: 'UTC',
  },
  [gateRole]: {},
};

/** Settings that hold the addresses of the logins. */
const variables = {
  [appLogin]: 'HOTLINE_APP_DATABASE_URL',
  [benchmarkLogin]: 'HOTLINE_BENCHMARK_DATABASE_URL',
} as const;
type Login = keyof typeof variables;
const listenVariable = 'HOTLINE_LISTEN_DATABASE_URL';

/** Makes the roles that are missing, with their limits. @throws ConfigError role_missing */
export async function ensureRoles(owner: pg.Client, database: ExternalDatabase, secret: string): Promise<void> {
  for (const [role, wanted] of Object.entries(limits)) {
    const { rows } = await owner.query<{ rolconfig: string[] | null }>(
      'select rolconfig from pg_roles where rolname = $1',
      [role],
    );
    if (rows.length === 0) await makeRole(owner, role, passwordOf(role, database, secret));
    const current = new Set(rows[0]?.rolconfig ?? []);
    for (const [name, value] of Object.entries(wanted)) {
      if (current.has(`${name.toLowerCase()}=${value}`) || current.has(`${name}=${value}`)) continue;
      await ignoringRefusal(owner.query(`alter role ${role} set ${name} = ${pg.escapeLiteral(value)}`));
    }
  }
  const { rows } = await owner.query<{ may: boolean; version: number }>(
    `select pg_has_role(current_user, $1, 'member') as may, current_setting('server_version_num')::int as version`,
    [gateRole],
  );
  // Handing a function to the gate takes membership; inheriting what the gate may do is not needed.
  const options = (rows[0]?.version ?? 0) >= 160_000 ? ' with inherit false, set true' : '';
  await ignoringRefusal(owner.query(`grant ${gateRole} to current_user${options}`));
}

/** The one in the address that was given for a login, else one that follows from the secret. Null: nobody logs in. */
function passwordOf(role: string, database: ExternalDatabase, secret: string): string | null {
  if (role === gateRole) return null;
  const given = role === appLogin ? database.appUrl : database.benchmarkUrl;
  const password = given === null ? '' : decodeURIComponent(new URL(given).password);
  return password === '' ? loginPassword(secret, role) : password;
}

async function makeRole(owner: pg.Client, role: string, password: string | null): Promise<void> {
  const login = password === null ? 'nologin' : `login noinherit password '${scramVerifier(password)}'`;
  try {
    await owner.query(`create role ${role} ${login}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '42501') throw new ConfigError('role_missing', { role });
    // 42710, 23505: another process made it at the same moment, for another database of this server.
    if (code !== '42710' && code !== '23505') throw error;
  }
}

/** An administrator who made the roles may have kept the right to change them. */
async function ignoringRefusal(statement: Promise<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const concurrent = code === 'XX000' && message.includes('tuple concurrently updated');
    if (code !== '42501' && !concurrent) throw error;
  }
}

/**
 * Address of a login of ours, tried out: it must answer, and must not be able to see past the rules.
 * @throws ConfigError
 */
export async function loginUrl(
  owner: pg.Client,
  database: ExternalDatabase,
  login: Login,
  secret: string,
): Promise<string> {
  const given = login === appLogin ? database.appUrl : database.benchmarkUrl;
  const url = given ?? derivedLoginUrl(database.ownerUrl, login, secret);
  const client = await connectUnprivileged(url, login, variables[login], async () => {
    if (given !== null) return false;
    // The role is older than the secret, or was made by hand.
    try {
      await owner.query(`alter role ${login} password '${scramVerifier(loginPassword(secret, login))}'`);
    } catch (error) {
      if ((error as { code?: string }).code !== '42501') throw error;
      throw new ConfigError('role_password', { role: login, variable: variables[login] });
    }
    return true;
  });
  await client.end();
  return url;
}

/**
 * Address at which the application's login hears what the database tells, tried out. `app` unless told otherwise.
 * @throws ConfigError pooler_between, and as of any login
 */
export async function listenUrl(
  database: Pick<ExternalDatabase | PreparedDatabase, 'listenUrl'>,
  app: string,
): Promise<string> {
  const url = database.listenUrl ?? app;
  const variable = database.listenUrl === null ? variables[appLogin] : listenVariable;
  const client = await connectUnprivileged(url, appLogin, variable);
  try {
    await requireDirect(client, variable, listenVariable);
    return url;
  } finally {
    await client.end();
  }
}

/** A connection to PostgreSQL itself. @throws ConfigError database_unreachable, pooler_between */
export async function connectDirect(url: string, variable: string): Promise<pg.Client> {
  const client = await connect(url, variable);
  try {
    await requireDirect(client, variable, variable);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/**
 * A pooler takes LISTEN and the locks of a session, and loses them with the transaction: nobody would notice.
 * @throws ConfigError pooler_between
 */
async function requireDirect(client: pg.Client, variable: string, setting: string): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  // Whoever answers names the process that does; a pooler makes that number up.
  const { processID } = client as unknown as { readonly processID: number | null };
  if (rows[0]?.pid !== processID) throw new ConfigError('pooler_between', { variable, setting });
}

/**
 * What another process prepared, tried out: both logins, and that every migration of this version has run. Later ones
 * may have run, too: while a version is replaced, processes of the old one still start.
 * @throws ConfigError
 */
export async function requirePrepared(database: PreparedDatabase, migrations: readonly string[]): Promise<void> {
  await (await connectUnprivileged(database.benchmarkUrl, benchmarkLogin, variables[benchmarkLogin])).end();
  const app = await connectUnprivileged(database.appUrl, appLogin, variables[appLogin]);
  try {
    const done = await app.query<{ name: string }>('select name from public.migrations').catch(noneHasRun);
    const missing = migrations.filter((migration) => !done.rows.some(({ name }) => name === migration));
    if (missing.length > 0) {
      throw new ConfigError('database_not_prepared', { variable: variables[appLogin], missing: missing.join(', ') });
    }
  } finally {
    await app.end();
  }
}

/** Of a database nobody has prepared: there is no such table, or the application may not read it yet. */
function noneHasRun(error: unknown): { rows: { name: string }[] } {
  const { code } = error as { code?: string };
  if (code === '42P01' || code === '42501') return { rows: [] };
  throw error;
}

/** @throws ConfigError database_unreachable, role_privileged, role_name */
async function connectUnprivileged(
  url: string,
  login: Login,
  variable: string,
  repair?: () => Promise<boolean>,
): Promise<pg.Client> {
  const client = await connect(url, variable, repair);
  try {
    await requireUnprivileged(client, variable, login);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Address of a login whose password follows from the secret, on the database of its owner. */
export function derivedLoginUrl(ownerUrl: string, login: Login, secret: string): string {
  const url = new URL(ownerUrl);
  url.username = login;
  url.password = loginPassword(secret, login);
  return url.href;
}

/** @throws ConfigError database_unreachable */
async function connect(url: string, variable: string, repair?: () => Promise<boolean>): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A client that is idle when the server goes would end the process; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code, message } = error as { code?: string; message: string };
    if ((code === '28P01' || code === '28000') && repair && (await repair())) return connect(url, variable);
    throw new ConfigError('database_unreachable', { variable, reason: message || (code ?? '?') });
  }
}

interface Privileges {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypass_rls: boolean;
  readonly create_role: boolean;
  readonly create_database: boolean;
  readonly owner: boolean;
}

async function requireUnprivileged(client: pg.Client, variable: string, expected: string): Promise<void> {
  const { rows } = await client.query<Privileges>(
    `select r.rolname as role, r.rolsuper as superuser, r.rolbypassrls as bypass_rls,
       r.rolcreaterole as create_role, r.rolcreatedb as create_database,
       exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
                 and pg_has_role(r.oid, c.relowner, 'member'))
       or exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                  where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
                    and pg_has_role(r.oid, p.proowner, 'member')) as owner
     from pg_roles r where r.rolname = current_user`,
  );
  const [found] = rows;
  if (!found) throw new Error('the database does not know its own user');
  for (const privilege of ['superuser', 'bypass_rls', 'create_role', 'create_database', 'owner'] as const) {
    if (found[privilege]) {
      throw new ConfigError('role_privileged', { variable, role: found.role, privilege, expected });
    }
  }
  if (found.role !== expected) throw new ConfigError('role_name', { variable, role: found.role, expected });
}

/** What PostgreSQL stores of a password (RFC 5803): sent instead of it, so that no server log can hold it. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, 4096, 32, 'sha256');
  const stored = createHash('sha256')
    .update(createHmac('sha256', salted).update('Client Key').digest())
    .digest('base64');
  const server = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$4096:${salt.toString('base64')}$${stored}:${server}`;
}
