// A function that asks its clock is told the time of the rehearsal, and for each invocation goes on from there as long as it really takes.
const RealDate = Date;

/** Of the machine, for what is measured in real time. */
export const realNow = RealDate.now;

let ahead = 0;

export function setPresent(milliseconds) {
  ahead = milliseconds - realNow();
}

const now = () => realNow() + ahead;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, asked) => Reflect.construct(target, args.length === 0 ? [now()] : args, asked),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
