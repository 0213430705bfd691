/**
 * A course of steps on virtual time: written as one async function that sleeps and waits. The clock counts it as
 * work under way from each waking until it next sleeps, so time never runs past a step that is not yet made.
 */
import type { Clock } from '../clock';

export class Course {
  private settle: () => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;

  private constructor(private readonly clock: Clock) {}

  /** Begins at once, in the clock's next turn. */
  static run(clock: Clock, what: string, body: (course: Course) => Promise<void>): void {
    const course = new Course(clock);
    clock.schedule(clock.now(), what, () => {
      const awake = course.awake();
      body(course).then(
        () => course.settle(),
        (error: unknown) => course.fail(error),
      );
      return awake;
    });
  }

  now(): number {
    return this.clock.now();
  }

  sleep(milliseconds: number, what: string): Promise<void> {
    return new Promise((resume) => {
      this.clock.schedule(this.clock.now() + milliseconds, what, () => {
        const awake = this.awake();
        resume();
        return awake;
      });
      this.settle();
    });
  }

  /** Waits until `subscribe`'s callback is called, or the time is over: then the answer is undefined. */
  wait<T>(
    milliseconds: number,
    what: string,
    subscribe: (answer: (value: T) => void) => (() => void) | void,
  ): Promise<T | undefined> {
    return new Promise((resume) => {
      let over = false;
      const end = (value: T | undefined): Promise<void> => {
        if (over) return Promise.resolve();
        over = true;
        timer.cancel();
        unsubscribe?.();
        const awake = this.awake();
        resume(value);
        return awake;
      };
      const timer = this.clock.schedule(this.clock.now() + milliseconds, what, () => end(undefined));
      const unsubscribe = subscribe((value) => void this.clock.schedule(this.clock.now(), what, () => end(value)));
      this.settle();
    });
  }

  private awake(): Promise<void> {
    return new Promise((settle, fail) => {
      this.settle = settle;
      this.fail = fail;
    });
  }
}
