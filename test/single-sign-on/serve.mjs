// A process of its own, because these packages are modules, and the tests are not.
import { Front } from './front.mjs';
import { provider } from './provider.mjs';

const front = await Front.listen();
const { issuer, key } = await provider(front.callback);
await front.signInAt(issuer, 'approvals');

process.on('message', ({ target }) => {
  front.target = target;
  process.send({ kind: 'target' });
});
process.on('disconnect', () => process.exit(0));
process.send({ kind: 'ready', issuer, key, front: front.url });
