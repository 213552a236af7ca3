import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { DocumentAddress } from './addresses.js';

/**
 * Why a document could not be read. `address` and `key`: the attributes are wrong. `not_public`: nothing is published
 * under this key. `refused`: the key is not for this site. The rest may pass: `timeout`, `unreachable`, `server`,
 * `format` (the answer is not the document).
 */
export type Failure = 'address' | 'key' | 'not_public' | 'refused' | 'timeout' | 'unreachable' | 'server' | 'format';

/** What a reader is told: the cause as far as it is of use to him; the event names the failure itself. */
export type Reason = 'setup' | 'not_public' | 'refused' | 'later';

export function reasonOf(failure: Failure): Reason {
  if (failure === 'address' || failure === 'key') return 'setup';
  return failure === 'not_public' || failure === 'refused' ? failure : 'later';
}

export type SourceState<T> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly document: T }
  /** The last good document, because a newer one could not be had. */
  | { readonly status: 'stale'; readonly document: T; readonly failure: Failure }
  | { readonly status: 'failed'; readonly failure: Failure };

/** The first retry comes after five minutes, each later one after three times as long, and there are three. */
const RETRY_MS = 5 * 60_000;
const MAX_RETRIES = 3;
const TIMEOUT_MS = 10_000;
const CACHE_TIMEOUT_MS = 2_000;
/** A document that was read; wrapped to be told from a failure. */
interface Good<T> {
  readonly document: T;
}

function failureOf(status: number): Failure {
  if (status === 404 || status === 410) return 'not_public';
  return status === 401 || status === 403 ? 'refused' : 'server';
}

/** Reads one document for an element: with a time limit, the last good answer on failure, and few, spaced retries. */
export class BadgeSource<T> implements ReactiveController {
  state: SourceState<T> = { status: 'idle' };
  #url: string | null = null;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Good<T> | null = null;
  #retries = 0;
  readonly #host: ReactiveControllerHost;
  readonly #read: (document: unknown) => T | null;
  readonly #settled: (state: SourceState<T>) => void;

  /** `read` turns an answer into the document or null; `settled` hears of every end of an attempt. */
  constructor(
    host: ReactiveControllerHost,
    read: (document: unknown) => T | null,
    settled: (state: SourceState<T>) => void,
  ) {
    this.#host = host;
    this.#read = read;
    this.#settled = settled;
    host.addController(this);
  }

  hostConnected(): void {
    // Moved within the page while it was reading.
    if (this.state.status === 'loading') this.retry();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  /** Reads this address from now on; null: nothing is read. */
  request(address: DocumentAddress | null): void {
    this.#stop();
    this.#last = null;
    this.#url = address?.ok ? address.url : null;
    if (address?.ok === false) this.#settle({ status: 'failed', failure: address.failure });
    else this.#become({ status: 'idle' });
    this.retry();
  }

  /** Tries again at once. */
  retry(): void {
    this.#retries = 0;
    this.#load();
  }

  #stop(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  #load(): void {
    if (this.#url === null) return;
    this.#stop();
    this.#abort = new AbortController();
    if (this.#last === null) this.#become({ status: 'loading' });
    void this.#attempt(this.#url, this.#abort.signal);
  }

  async #attempt(url: string, replaced: AbortSignal): Promise<void> {
    const answer = await this.#fetch(url, 'default', TIMEOUT_MS, replaced);
    if (replaced.aborted) return;
    if (typeof answer === 'object') {
      this.#last = answer;
      this.#retries = 0;
      this.#settle({ status: 'ready', document: answer.document });
    } else if (reasonOf(answer) === 'later') {
      await this.#fallBack(url, answer, replaced);
    } else {
      // Withdrawn or refused: what was public before must not stay on the page.
      this.#last = null;
      this.#settle({ status: 'failed', failure: answer });
    }
  }

  async #fallBack(url: string, failure: Failure, replaced: AbortSignal): Promise<void> {
    // What the browser itself still keeps of an earlier visit, however old: nothing is stored by us.
    const last = this.#last ?? (await this.#fetch(url, 'force-cache', CACHE_TIMEOUT_MS, replaced));
    if (replaced.aborted) return;
    this.#last = typeof last === 'object' ? last : null;
    this.#settle(
      this.#last === null ? { status: 'failed', failure } : { status: 'stale', document: this.#last.document, failure },
    );
    if (this.#retries >= MAX_RETRIES) return;
    // Spread, so that the badges of many pages do not return all at once after a fault.
    const wait = RETRY_MS * 3 ** this.#retries * (1 + Math.random() / 5);
    this.#retries += 1;
    this.#timer = setTimeout(() => this.#load(), wait);
  }

  async #fetch(url: string, cache: RequestCache, timeout: number, replaced: AbortSignal): Promise<Good<T> | Failure> {
    const limit = new AbortController();
    const end = (): void => limit.abort();
    const timer = setTimeout(end, timeout);
    replaced.addEventListener('abort', end);
    let failure: Failure = 'unreachable';
    try {
      const response = await fetch(url, { cache, signal: limit.signal, credentials: 'omit', redirect: 'error' });
      if (!response.ok) return failureOf(response.status);
      failure = 'format';
      const document = this.#read(await response.json());
      return document === null ? failure : { document };
    } catch {
      return limit.signal.aborted ? 'timeout' : failure;
    } finally {
      clearTimeout(timer);
    }
  }

  #settle(state: SourceState<T>): void {
    this.#become(state);
    this.#settled(state);
  }

  #become(state: SourceState<T>): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
