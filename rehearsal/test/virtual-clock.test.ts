import fc from 'fast-check';
import { VirtualClock } from '../virtual-clock';

const START = Date.UTC(2030, 0, 1);

describe('VirtualClock', () => {
  test('runs what is scheduled in the order of its time, then of its scheduling, and time never goes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -5, max: 50 }), { maxLength: 30 }), async (offsets) => {
        const clock = new VirtualClock(START);
        const ran: { at: number; index: number; now: number }[] = [];
        offsets.forEach((offset, index) => {
          clock.schedule(START + offset, `task ${index}`, () => {
            ran.push({ at: Math.max(START, START + offset), index, now: clock.now() });
          });
        });
        await clock.advanceTo(START + 50);
        const sorted = [...ran].sort((one, other) => one.at - other.at || one.index - other.index);
        expect(ran).toEqual(sorted);
        expect(ran.every(({ at, now }) => at === now)).toBe(true);
        expect(ran).toHaveLength(offsets.length);
        expect(clock.now()).toBe(START + 50);
      }),
      { numRuns: 50 },
    );
  });

  test('shows each moment in which nothing is under way any more', async () => {
    const clock = new VirtualClock(START);
    const seen: (readonly [number, number])[] = [];
    let done = 0;
    clock.onQuiet(() => void seen.push([clock.now() - START, done]));
    for (const at of [10, 20]) {
      clock.schedule(START + at, 'task', () => {
        void clock.track(
          new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
            done += 1;
          }),
        );
      });
    }
    await clock.advanceTo(START + 50);

    expect(seen).toEqual([
      [0, 0],
      [10, 1],
      [20, 2],
    ]);
  });

  test('stands still while work is under way, also when that work starts more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }), async (turns) => {
        const clock = new VirtualClock(START);
        let open = 0;
        const violations: number[] = [];
        const work = async (left: number): Promise<void> => {
          open += 1;
          const began = clock.now();
          await new Promise((resolve) => setImmediate(resolve));
          if (left > 0) {
            await clock.track(work(left - 1));
          }
          if (clock.now() !== began) {
            violations.push(clock.now());
          }
          open -= 1;
        };
        turns.forEach((left, index) => clock.schedule(START + index, 'work', () => void clock.track(work(left))));
        clock.schedule(START + 100, 'after', () => expect(open).toBe(0));
        await clock.advanceTo(START + 100);
        expect(violations).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('goes from one thing to the next until a condition holds', async () => {
    const clock = new VirtualClock(START);
    let count = 0;
    const again = (): void => {
      count += 1;
      clock.schedule(clock.now() + 86_400_000, 'again', again);
    };
    again();
    await expect(clock.runUntil(() => count === 4)).resolves.toBe(true);
    expect(clock.now()).toBe(START + 3 * 86_400_000);
    await expect(clock.runUntil(() => false, { limit: START + 10 * 86_400_000 })).resolves.toBe(false);
    expect(clock.now()).toBe(START + 10 * 86_400_000);
  });

  test('what was cancelled does not happen', async () => {
    const clock = new VirtualClock(START);
    const timer = clock.schedule(START + 1, 'never', () => {
      throw new Error('happened');
    });
    timer.cancel();
    await clock.advanceTo(START + 2);
    expect(clock.pending).toEqual([]);
  });

  test('an error of a task reaches whoever drives', async () => {
    const clock = new VirtualClock(START);
    clock.schedule(START + 1, 'fails', () => {
      throw new Error('broken');
    });
    await expect(clock.advanceTo(START + 2)).rejects.toThrow('broken');
  });

  test('live, it goes with real time, and skips to the next thing when told', async () => {
    const clock = new VirtualClock(START);
    const happened = new Promise<void>((resolve) => {
      clock.schedule(START + 20, 'soon', resolve);
    });
    clock.live((error) => {
      throw error;
    });
    await happened;
    let skipped = false;
    clock.schedule(START + 86_400_000, 'late', () => {
      skipped = true;
    });
    await expect(clock.skip()).resolves.toBe(true);
    expect(skipped).toBe(true);
    expect(clock.now()).toBeGreaterThanOrEqual(START + 86_400_000);
    clock.stop();
  });
});
