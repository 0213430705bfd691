/** Files that take a minute start first, so that none of them runs alone at the end. */
import Sequencer from '@jest/test-sequencer';

const SLOW = [
  /e2e\/(scenarios|removed)/,
  /e2e\//,
  /rehearsal\/test\/(scenario|kit)\//,
  /exploration\//,
  /browser\//,
  /emulator\//,
];

const rank = ({ path }) => {
  const found = SLOW.findIndex((pattern) => pattern.test(path));
  return found < 0 ? SLOW.length : found;
};

export default class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
