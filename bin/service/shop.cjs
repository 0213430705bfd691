'use strict';
// The service that the reference pipeline releases: small, but real. One function behind a function URL.
const RELEASE = process.env.RELEASE || 'unknown';
const ITEMS = [
  { id: 'sencha', name: 'Sencha', cents: 890 },
  { id: 'assam', name: 'Assam', cents: 650 },
  { id: 'rooibos', name: 'Rooibos', cents: 540 },
];

function answer(statusCode, body) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-release': RELEASE },
    body: JSON.stringify(body),
  };
}

function serve(event) {
  const [, resource, id] = (event.rawPath || '/').split('/');
  if (resource === 'health') {
    return answer(200, { release: RELEASE, items: ITEMS.length });
  }
  if (resource === 'items' && !id) {
    return answer(200, { items: ITEMS });
  }
  const item = resource === 'items' && ITEMS.find((candidate) => candidate.id === id);
  return item ? answer(200, item) : answer(404, { message: 'not found' });
}

// What a health gate asks before the next stage: does this version serve what customers need?
function check() {
  const list = serve({ rawPath: '/items' });
  const items = JSON.parse(list.body).items || [];
  const broken = items.filter((item) => serve({ rawPath: `/items/${item.id}` }).statusCode !== 200);
  if (list.statusCode !== 200 || items.length === 0 || broken.length > 0) {
    return {
      hookStatus: 'FAILED',
      reason: `release ${RELEASE}: ${broken.length} of ${items.length} items cannot be read`,
    };
  }
  return { hookStatus: 'SUCCEEDED', reason: `release ${RELEASE} serves ${items.length} items` };
}

exports.handler = async (event) => (event.kind === 'approval-gate-check' ? check() : serve(event));
