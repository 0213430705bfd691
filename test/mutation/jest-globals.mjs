/** What the tests use of jest, on mocha: it keeps the modules loaded from one mutant to the next, which jest cannot. */
import { ModernFakeTimers } from '@jest/fake-timers';
import { expect } from 'expect';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import Mocha, { after, before, it } from 'mocha';
import '../setup.ts';

const timers = new ModernFakeTimers({ config: { fakeTimers: {} }, global: globalThis });

Object.assign(globalThis, {
  expect,
  jest: Object.assign(new ModuleMocker(globalThis), {
    useFakeTimers: (options) => timers.useFakeTimers(options),
    useRealTimers: () => timers.useRealTimers(),
    setSystemTime: (now) => timers.setSystemTime(now),
  }),
  beforeAll: before,
  afterAll: after,
  test: Object.assign(it, { each: bind(it, false) }),
});

// Stryker starts a new process for each mutant that ran while a module was loaded, also where tests run it later as well.
// Only the run in the tests counts here.
export const mochaHooks = {
  afterAll() {
    const { static: whileLoading = {}, perTest = {} } = globalThis.__stryker__?.mutantCoverage ?? {};
    for (const id of Object.values(perTest).flatMap(Object.keys)) delete whileLoading[id];
  },
};

// Stryker names the tests of a mutant in one expression, often a thousand titles long, which mocha would try on each test
// several times.
const { grep } = Mocha.prototype;
Mocha.prototype.grep = function (pattern) {
  const [, titles] = pattern instanceof RegExp ? (/^\(\^(.*)\$\)$/s.exec(pattern.source) ?? []) : [];
  if (titles === undefined) return grep.call(this, pattern);
  const wanted = new Set(titles.split('$)|(^').map((title) => title.replaceAll(/\\(.)/gs, '$1')));
  this.options.grep = { test: (title) => wanted.has(title) };
  return this;
};
