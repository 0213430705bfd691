// A function that asks its clock is told the time of the rehearsal. Each invocation goes on from there in whole seconds, so that a
// rehearsal goes the same way on a slow machine.
const RealDate = Date;

/** Of the machine, for what is measured in real time. */
export const realNow = RealDate.now;

let present = 0;
let since = 0;

export function setPresent(milliseconds) {
  present = milliseconds;
  since = realNow();
}

const now = () => present + Math.floor((realNow() - since) / 1_000) * 1_000;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, asked) => Reflect.construct(target, args.length === 0 ? [now()] : args, asked),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
RealDate.prototype.constructor = globalThis.Date;
