import { readFileSync } from 'node:fs';
import { parse, print } from 'graphql';
import { ApiFailure } from '../request/api-failure.js';
import { operationLimits } from '../request/operation-limits.js';

interface TrustedDocument {
  /** File in `widgets/operations`. */
  readonly name: string;
  readonly document: string;
}

/** By SHA-256 of the document; generated from `widgets/operations` by `npm run generate`. */
const trusted = JSON.parse(
  readFileSync(new URL('../../data/trusted-documents.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, TrustedDocument>>;

/** Whether a request comes with an embed key: one that anybody can read in the page of a portal. */
export function embedKeyOf(authorization: string | undefined): string | null {
  return /^Bearer (pk_\S+)$/.exec(authorization ?? '')?.[1] ?? null;
}

/**
 * The request with the committed document that it names by its hash (`extensions.persistedQuery.sha256Hash`) or repeats.
 * @throws ApiFailure trusted_document_unknown, trusted_documents_only
 */
export function withTrustedDocument(body: unknown): Readonly<Record<string, unknown>> {
  const { query, extensions } = (body ?? {}) as { readonly query?: unknown; readonly extensions?: unknown };
  const named = (extensions as { persistedQuery?: { sha256Hash?: unknown } } | undefined)?.persistedQuery?.sha256Hash;
  if (typeof named === 'string') {
    if (!Object.hasOwn(trusted, named)) throw new ApiFailure('trusted_document_unknown', 404);
    return { query: trusted[named]?.document };
  }
  const text = typeof query === 'string' ? normal(query) : null;
  const found = Object.values(trusted).find(({ document }) => document === text);
  if (!found) throw new ApiFailure('trusted_documents_only', 403);
  return { query: found.document };
}

/** Spaces and comments are nothing that is asked. */
function normal(query: string): string | null {
  try {
    return print(parse(query, { maxTokens: operationLimits.tokens }));
  } catch {
    return null;
  }
}
