/**
 * The dashboard's only script: it takes the secret of a link out of the address bar, and lets the page follow what happens.
 * Without it everything works by the button "Refresh".
 */
export const DASHBOARD_SCRIPT = `
(function () {
  'use strict';
  if (document.getElementById('use-link')) history.replaceState(null, '', location.pathname);
  if (location.search.indexOf('notice=') >= 0 || location.search.indexOf('turn=') >= 0) {
    var query = new URLSearchParams(location.search);
    query.delete('notice'); query.delete('turn');
    var rest = query.toString();
    if (document.querySelector('[data-live-page]')) history.replaceState(null, '', location.pathname + (rest ? '?' + rest : ''));
  }
  if (!document.querySelector('[data-live-page]')) return;

  var localize = function (page) {
    page.querySelectorAll('time[datetime]').forEach(function (time) {
      var at = new Date(time.getAttribute('datetime'));
      if (isNaN(at) || at.getTimezoneOffset() === 0) return;
      var text = at.toLocaleString([], { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
      if (time.title) { time.title = text + ', ' + time.title; return; }
      var local = page.createElement('span');
      local.className = 'local';
      local.textContent = '(' + text + ')';
      time.append(' ', local);
    });
  };
  localize(document);

  var fields = function () {
    var form = document.getElementById('again');
    return form ? new URLSearchParams(new FormData(form)) : new URLSearchParams(location.search);
  };
  var busy = function (part) {
    return part.querySelector('details[open]') || (part.contains(document.activeElement) && document.activeElement !== document.body);
  };
  var follow = function (text) {
    var next = new DOMParser().parseFromString(text, 'text/html');
    if (next.querySelector('[data-refused]')) { location.reload(); return; }
    if (!next.querySelector('[data-live-page]')) return;
    localize(next);
    document.title = next.title;
    document.querySelectorAll('[data-live]').forEach(function (part) {
      var match = next.getElementById(part.id);
      if (match && !busy(part) && match.innerHTML !== part.innerHTML) part.innerHTML = match.innerHTML;
    });
  };
  // Whoever stands in front may refuse a form and yet show the page: loading that again and again would help nobody.
  var wasLetIn = false;
  var turns = 0;
  var wait = function () {
    turns += 1;
    setTimeout(look, (turns < 4 ? 4 : turns < 40 ? 15 : 60) * 1000);
  };
  var look = function () {
    if (document.hidden) { wait(); return; }
    fetch('/dashboard/look', { method: 'POST', body: fields(), credentials: 'same-origin', redirect: 'manual' })
      .then(function (answer) {
        var isOver = answer.type === 'opaqueredirect' || answer.status === 401 || (answer.status === 403 && wasLetIn);
        if (isOver) { location.reload(); return ''; }
        wasLetIn = wasLetIn || answer.ok;
        return answer.ok || answer.status === 403 ? answer.text() : '';
      })
      .then(function (text) { if (text) follow(text); }, function () {})
      .then(wait);
  };
  document.addEventListener('visibilitychange', function () { if (!document.hidden) turns = 0; });
  wait();
})();
`;
