import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, type Dockerfile } from 'dockerfile-ast';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly restart: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: { readonly limits?: { readonly memory?: string } };
  };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** docker-compose.yml with what the person who runs it sets put in; anchors and merges resolved. */
export function composeFile(settings: Readonly<Record<string, string>>): ComposeFile {
  const filled = text('docker-compose.yml').replace(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (whole, ...found) => {
    const [name, kind, rest] = found as [string?, string?, string?];
    if (name === undefined) return '$';
    const value = settings[name];
    if (value !== undefined) return value;
    if (kind !== '-') throw new Error(`${whole} has no value`);
    return rest ?? '';
  });
  return parse(filled, { merge: true }) as ComposeFile;
}

export function dockerfile(): Dockerfile {
  return DockerfileParser.parse(text('Dockerfile'));
}

/** What the Dockerfile says there. */
export function textOf({ start, end }: { start: { line: number }; end: { line: number } }): string {
  return text('Dockerfile')
    .split('\n')
    .slice(start.line, end.line + 1)
    .join('\n');
}

/** Variables that a stage of the Dockerfile sets. */
export function imageEnvironment(target: string): Record<string, string> {
  const variables = dockerfile()
    .getENVs()
    .filter((instruction) => stageOf(instruction.getRange()?.start.line ?? 0) === target)
    .flatMap((instruction) => instruction.getProperties());
  return Object.fromEntries(variables.map((variable) => [variable.getName(), variable.getValue() ?? '']));
}

/** Name of the stage that a line of the Dockerfile belongs to. */
export function stageOf(line: number): string | null {
  const stages = dockerfile()
    .getFROMs()
    .filter((from) => (from.getRange()?.start.line ?? Infinity) <= line);
  return stages.at(-1)?.getBuildStage() ?? null;
}

/** The secrets as deploy/make-secrets.sh makes them, in a folder of their own. */
export class MadeSecrets {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hotline-secrets-'));

  constructor() {
    cpSync(join(root, 'deploy/make-secrets.sh'), join(this.folder, 'make-secrets.sh'));
    this.make();
  }

  /** @throws Error when there are some already */
  make(): void {
    execFileSync('/bin/sh', [join(this.folder, 'make-secrets.sh')], { stdio: 'pipe' });
  }

  path(name = ''): string {
    return join(this.folder, 'secrets', name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8').trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
