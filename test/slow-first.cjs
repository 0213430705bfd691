/** Files that take a minute start first, so that none of them runs alone at the end. */
const { default: Sequencer } = require('@jest/test-sequencer');

const SLOW = [
  /e2e\/(scenarios|removed)/,
  /e2e\//,
  /rehearsal\/(scenario|kit)\//,
  /exploration\//,
  /browser\//,
  /emulator\//,
];

const rank = ({ path }) => {
  const found = SLOW.findIndex((pattern) => pattern.test(path));
  return found < 0 ? SLOW.length : found;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
