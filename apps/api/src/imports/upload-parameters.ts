import { Readable } from 'node:stream';
import type { CommitMode } from '@hotline/imports';
import type { FastifyRequest } from 'fastify';
import { ApiFailure } from '../request/api-failure.js';

/** As the address has it: absent, once, or several times. */
export type Parameter = string | readonly string[] | undefined;

/** @throws ApiFailure file_name_missing */
export function fileNameOf(fileName: Parameter): string {
  if (typeof fileName !== 'string' || fileName === '') throw new ApiFailure('file_name_missing', 400);
  return fileName;
}

export interface Wish {
  readonly commit: boolean;
  readonly mode: CommitMode;
  readonly waitMs: number;
}

/** What is to become of the rows, and how long to wait for it. @throws ApiFailure wait_out_of_range, mode_unknown */
export function wishOf({ commit, mode, wait }: Readonly<Record<'commit' | 'mode' | 'wait', Parameter>>): Wish {
  const seconds = wait === undefined ? 0 : Number(wait);
  if (!(seconds >= 0 && seconds <= 60)) throw new ApiFailure('wait_out_of_range', 400);
  if (mode !== undefined && mode !== 'good' && mode !== 'all') throw new ApiFailure('mode_unknown', 400);
  return { commit: commit === '1', mode: mode === 'all' ? 'all_or_nothing' : 'good_rows', waitMs: seconds * 1000 };
}

/** @throws ApiFailure file_missing */
export function bodyOf({ body }: FastifyRequest): Readable {
  if (!(body instanceof Readable)) throw new ApiFailure('file_missing', 400);
  return body;
}

/** Null where the sender does not say. */
export function announcedBytes({ headers }: FastifyRequest): number | null {
  const length = headers['content-length'];
  return length === undefined ? null : Number(length);
}

/**
 * SHA-256 of the content in hexadecimal, from `Content-Digest` or `Repr-Digest` (RFC 9530); null without one.
 * @throws ApiFailure digest_malformed
 */
export function digestOf({ headers }: FastifyRequest): string | null {
  const text = [headers['content-digest'] ?? headers['repr-digest']].flat().join(', ');
  if (!/(^|[,\s])sha-256=/.test(text)) return null;
  const base64 = /(?:^|[,\s])sha-256=:([A-Za-z0-9+/]{43}=):/.exec(text)?.[1];
  if (base64 === undefined) throw new ApiFailure('digest_malformed', 400);
  return Buffer.from(base64, 'base64').toString('hex');
}
