import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { readDemoCities, type DemoCities } from '../../../../widgets/src/index.js';

export type ListFailure = 'unreachable' | 'server' | 'format';

export type CitiesState =
  | { readonly status: 'loading' }
  /** Not a demo: there is nothing public on this server. */
  | { readonly status: 'none' }
  /** `failure`: the list is the last one read, a newer one could not be had. */
  | { readonly status: 'ready'; readonly document: DemoCities; readonly failure: ListFailure | null }
  | { readonly status: 'failed'; readonly failure: ListFailure };

const POLL_MS = 2_000;
const TIMEOUT_MS = 10_000;
/** While the demo is being made a failed poll is repeated, more and more slowly, and not for ever. */
const MAX_FAILED_POLLS = 6;

type Answer = DemoCities | 'none' | ListFailure;

/** Reads the list of demo cities, again and again while the demo is being made. */
export class DemoCitiesSource implements ReactiveController {
  #state: CitiesState = { status: 'loading' };
  #timer: ReturnType<typeof setTimeout> | null = null;
  #abort: AbortController | null = null;
  #failedPolls = 0;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get state(): CitiesState {
    return this.#state;
  }

  hostConnected(): void {
    this.read();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  /** Reads the list now. */
  read(): void {
    this.#stop();
    if (this.#state.status !== 'ready') this.#become({ status: 'loading' });
    this.#failedPolls = 0;
    void this.#poll();
  }

  #stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #poll(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const answer = await this.#fetch(abort);
    if (this.#abort !== abort) return;
    if (answer === 'none') {
      this.#become({ status: 'none' });
    } else if (typeof answer === 'string') {
      this.#failed(answer);
    } else {
      this.#failedPolls = 0;
      this.#become({ status: 'ready', document: answer, failure: null });
      if (answer.seeding !== null && answer.seeding.done < answer.seeding.total) this.#pollIn(POLL_MS);
    }
  }

  #failed(failure: ListFailure): void {
    if (this.#state.status !== 'ready') {
      this.#become({ status: 'failed', failure });
      return;
    }
    this.#become({ ...this.#state, failure });
    this.#failedPolls += 1;
    if (this.#failedPolls < MAX_FAILED_POLLS) this.#pollIn(POLL_MS * 2 ** this.#failedPolls);
  }

  #pollIn(wait: number): void {
    this.#timer = setTimeout(() => void this.#poll(), wait);
  }

  async #fetch(abort: AbortController): Promise<Answer> {
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch('/demo/cities.json', { signal: abort.signal });
      if (response.status === 404) return 'none';
      if (!response.ok) return 'server';
      const body: unknown = await response.json().catch(() => null);
      return readDemoCities(body) ?? 'format';
    } catch {
      return 'unreachable';
    } finally {
      clearTimeout(timer);
    }
  }

  #become(state: CitiesState): void {
    this.#state = state;
    this.#host.requestUpdate();
  }
}
