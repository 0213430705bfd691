/** Keeps the page as it is in the rehearsal; without it, buttons still work and the page reloads. */
export const SCRIPT = `
(() => {
  const swap = (next) => {
    for (const part of next.querySelectorAll('[data-part]')) {
      const old = document.querySelector('[data-part="' + part.dataset.part + '"]');
      if (!old || old.innerHTML === part.innerHTML) continue;
      const open = new Set([...old.querySelectorAll('details[open]')].map((d) => d.id));
      const shut = new Set([...old.querySelectorAll('details:not([open])')].map((d) => d.id));
      const focus = old.contains(document.activeElement) ? document.activeElement.id : '';
      const scrolled = [...old.querySelectorAll('[tabindex]')].map((e) => e.scrollTop);
      const typed = [...old.querySelectorAll('input[id]')].filter((i) => i.value !== i.defaultValue).map((i) => [i.id, i.value]);
      old.innerHTML = part.innerHTML;
      for (const [id, value] of typed) { const input = document.getElementById(id); if (input) input.value = value; }
      for (const d of old.querySelectorAll('details')) {
        if (open.has(d.id)) d.open = true;
        if (shut.has(d.id)) d.open = false;
      }
      [...old.querySelectorAll('[tabindex]')].forEach((e, i) => { e.scrollTop = scrolled[i] || 0; });
      if (focus) document.getElementById(focus)?.focus();
    }
  };
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
    if (form.method !== 'post') return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    const said = document.getElementById('state');
    said.textContent = form.dataset.says || 'Working…';
    const response = await fetch(form.action, { method: 'POST', body: data, redirect: 'manual' });
    said.textContent = response.status >= 400 ? await response.text() : '';
    refresh();
  });
})();
`;
