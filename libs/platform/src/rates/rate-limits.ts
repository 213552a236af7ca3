/**
 * Requests within a window of time, counted by all processes together. Far above what people and portals do; below what
 * hurts others.
 */
export interface RateLimits {
  /** Of one API key, or of one person, whatever sessions they have. */
  readonly key: number;
  /** Of everybody of one tenant together. */
  readonly tenant: number;
  /** From one network address, whoever asks; a whole office may be behind it. Pages of portals are counted by `embed`. */
  readonly address: number;
  /** Attempts from one network address to prove who one is; guessing is slowed down much earlier, by account. */
  readonly signIn: number;
  /** What pages of portals read with one embed key: one address may stand for a city. */
  readonly embed: number;
}

/** What is counted, each by itself. */
export type Counted = keyof RateLimits;

export interface RateConfig {
  readonly limits: RateLimits;
  readonly windowMs: number;
}

/** More was asked than the limit allows. */
export class RateExceeded extends Error {
  readonly code = 'rate_limited';
  readonly params: { readonly retryAfterSeconds: number };

  constructor(
    readonly counted: Counted,
    msLeft: number,
  ) {
    super(`the limit of requests by ${counted} is passed`);
    this.name = 'RateExceeded';
    this.params = { retryAfterSeconds: Math.max(1, Math.ceil(msLeft / 1_000)) };
  }
}
