import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

/** The JSON schema of the Compose specification, as a linter for such files ships it. */
const packageFile = createRequire(import.meta.url).resolve('dclint/package.json');
const schema = JSON.parse(readFileSync(join(dirname(packageFile), 'schemas', 'compose.schema.json'), 'utf8')) as Record<
  string,
  unknown
>;

/** What is no compose file about it; empty when there is nothing. */
export function composeFaults(file: unknown): string[] {
  const { $schema: _, ...rules } = schema;
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(rules);
  if (validate(file)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
