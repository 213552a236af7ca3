import type { JobProgress } from './job-view.js';

/** How far and how fast an attempt is, from what its handler counts. */
export class JobPace {
  private readonly started: number;
  private readonly whole: number;
  private step: string | null = null;
  private stepStarted: number;

  /** @param steps in order, each with its part of the whole; none: the one step told of is the whole */
  constructor(
    private readonly steps: Readonly<Record<string, number>>,
    private readonly clock: () => number = Date.now,
  ) {
    this.started = clock();
    this.stepStarted = this.started;
    this.whole = Object.values(steps).reduce((sum, part) => sum + part, 0);
  }

  /** @throws Error for a step that is not on the list */
  at(step: string, done: number, total: number): JobProgress {
    const now = this.clock();
    if (step !== this.step) {
      this.step = step;
      this.stepStarted = now;
    }
    const share = this.shareAt(step, total > 0 ? Math.min(1, done / total) : 0);
    const stepSeconds = (now - this.stepStarted) / 1000;
    const seconds = (now - this.started) / 1000;
    return {
      step,
      done,
      total,
      share,
      perSecond: done > 0 && stepSeconds > 0 ? done / stepSeconds : null,
      secondsLeft: share > 0 && seconds > 0 ? (seconds * (1 - share)) / share : null,
    };
  }

  private shareAt(step: string, ofStep: number): number {
    if (this.whole === 0) return ofStep;
    let before = 0;
    for (const [name, part] of Object.entries(this.steps)) {
      if (name === step) return (before + part * ofStep) / this.whole;
      before += part;
    }
    throw new Error(`the job has no step ${step}`);
  }
}
