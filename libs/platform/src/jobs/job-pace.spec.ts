import { describe, expect, it } from '@jest/globals';
import { JobPace } from './job-pace.js';

describe('the pace of a job', () => {
  it('adds up its steps by their parts', () => {
    let now = 0;
    const pace = new JobPace({ read: 1, merge: 3 }, () => now);
    expect(pace.at('read', 0, 1)).toMatchObject({ share: 0, perSecond: null, secondsLeft: null });
    now = 10_000;
    expect(pace.at('read', 1, 1)).toMatchObject({ share: 0.25, secondsLeft: 30 });
    expect(pace.at('merge', 0, 12)).toMatchObject({ share: 0.25, perSecond: null });
    now = 16_000;
    // 6 of 12 months in 6 s; 5/8 of the whole in 16 s.
    expect(pace.at('merge', 6, 12)).toMatchObject({ share: 0.625, perSecond: 1, secondsLeft: 9.6 });
    now = 20_000;
    expect(pace.at('merge', 12, 12)).toMatchObject({ share: 1, secondsLeft: 0 });
  });

  it('takes a single step for the whole, and refuses one that is not on the list', () => {
    expect(new JobPace({}).at('send', 1, 4).share).toBe(0.25);
    expect(() => new JobPace({ read: 1 }).at('merge', 0, 1)).toThrow('no step merge');
  });

  it('knows nothing of a step with nothing to do', () => {
    expect(new JobPace({}).at('send', 0, 0)).toMatchObject({ share: 0, secondsLeft: null });
  });
});
