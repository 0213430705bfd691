/** Keeps the page up to date with the rehearsal. Without JavaScript, buttons still work and the page reloads. */
export const SCRIPT = `
(() => {
  const followed = new Map();
  /** The furthest stage in which something happens is in sight, until somebody scrolls elsewhere. */
  const follow = () => {
    for (const list of document.querySelectorAll('.stages')) {
      const stage = [...list.querySelectorAll('.t-run, .t-wait')].at(-1);
      const [which, name] = [list.getAttribute('aria-label'), stage?.querySelector('h3').textContent];
      if (!stage || followed.get(which) === name) continue;
      followed.set(which, name);
      const [inner, outer] = [stage, list].map((e) => e.getBoundingClientRect());
      list.scrollLeft += Math.max(0, inner.right - outer.right) + Math.min(0, inner.left - outer.left);
    }
  };
  const swap = (next) => {
    for (const part of next.querySelectorAll('[data-part]')) {
      const old = document.querySelector('[data-part="' + part.dataset.part + '"]');
      if (!old || old.innerHTML === part.innerHTML) continue;
      const open = new Set([...old.querySelectorAll('details[open]')].map((d) => d.id));
      const shut = new Set([...old.querySelectorAll('details:not([open])')].map((d) => d.id));
      const focus = old.contains(document.activeElement) ? document.activeElement.id : '';
      const scrolled = [...old.querySelectorAll('[tabindex]')].map((e) => [e.scrollLeft, e.scrollTop]);
      const typed = [...old.querySelectorAll('input[id], select[id]')].filter((i) => i.value !== i.defaultValue).map((i) => [i.id, i.value]);
      old.innerHTML = part.innerHTML;
      for (const [id, value] of typed) { const input = document.getElementById(id); if (input) input.value = value; }
      for (const d of old.querySelectorAll('details')) {
        if (open.has(d.id)) d.open = true;
        if (shut.has(d.id)) d.open = false;
      }
      [...old.querySelectorAll('[tabindex]')].forEach((e, i) => { [e.scrollLeft, e.scrollTop] = scrolled[i] || [0, 0]; });
      if (focus) document.getElementById(focus)?.focus();
    }
    follow();
  };
  follow();
  const ended = () => { document.getElementById('state').textContent = 'The rehearsal has ended.'; };
  let busy = false, again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const html = await (await fetch('/', { headers: { accept: 'text/html' } })).text();
      swap(new DOMParser().parseFromString(html, 'text/html'));
    } catch { ended(); }
    busy = false;
    if (again) { again = false; refresh(); }
  };
  const events = new EventSource('/events');
  let lost = false;
  events.addEventListener('change', refresh);
  events.addEventListener('error', () => { lost = true; ended(); });
  // Started again at the same address: it is another rehearsal, on a page that may be new as well.
  events.addEventListener('open', () => { if (lost) location.reload(); });
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.getAttribute('method') !== 'post') return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    const said = document.getElementById('state');
    said.textContent = form.dataset.says || 'Working…';
    // Not form.action: a field may have that name.
    const response = await fetch(form.getAttribute('action'), { method: 'POST', body: data, redirect: 'manual' });
    said.textContent = response.status >= 400 ? await response.text() : '';
    refresh();
  });
})();
`;
