/**
 * The page's only script. It takes the secret out of the address bar (and keeps it in this tab's history entry, so that a reload
 * works), shows times in the reader's own zone beside UTC, and lets the page follow its gate. Without it everything works by
 * the button "Refresh".
 */
export const SCRIPT = `
(function () {
  'use strict';
  var kept = history.state;
  var main = document.querySelector('main');
  if (main.dataset.phase === 'dead') {
    if (kept && kept.key && kept.by && !/\\/status$/.test(location.pathname)) {
      var form = document.createElement('form');
      form.method = 'post';
      form.action = location.pathname + '/status';
      Object.keys(kept).forEach(function (name) {
        var field = document.createElement('input');
        field.type = 'hidden'; field.name = name; field.value = kept[name];
        form.append(field);
      });
      document.body.append(form);
      form.submit();
    }
    return;
  }
  var localize = function (page) {
    page.querySelectorAll('time[datetime]').forEach(function (time) {
      var at = new Date(time.getAttribute('datetime'));
      if (isNaN(at) || at.getTimezoneOffset() === 0) return;
      var local = page.createElement('span');
      local.className = 'local';
      local.textContent = '(' + at.toLocaleString([], { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }) + ')';
      time.append(' ', local);
    });
  };
  localize(document);

  var fields = function () { return new FormData(document.getElementById('again')); };
  var path = document.getElementById('again').getAttribute('action').replace(/\\/status$/, '');
  var secret = {};
  fields().forEach(function (value, name) { secret[name] = value; });
  history.replaceState(secret, '', path);

  var errors = document.getElementById('problems');
  if (errors) errors.focus();

  var turns = 0;
  var busy = function () {
    var answer = document.getElementById('answer');
    var typed = answer && Array.prototype.some.call(answer.querySelectorAll('input:not([type=hidden]), textarea'), function (field) {
      if (field.type === 'radio') return field.checked !== field.defaultChecked;
      return field.value !== (field.name.indexOf('field.') === 0 ? field.defaultValue : '');
    });
    return typed || document.querySelector('#answer[data-kept]') || document.querySelector('details[open]') || (document.activeElement && document.activeElement !== document.body);
  };
  var follow = function (text) {
    var next = new DOMParser().parseFromString(text, 'text/html');
    localize(next);
    var fresh = next.querySelector('main');
    var now = document.querySelector('main');
    if (!fresh || fresh.dataset.phase === 'dead') return false;
    var other = fresh.dataset.evidence !== now.dataset.evidence || fresh.dataset.phase !== now.dataset.phase;
    if (other && (!busy() || fresh.dataset.phase !== 'open')) {
      now.replaceWith(document.importNode(fresh, true));
      document.title = next.title;
      return true;
    }
    document.querySelectorAll('[data-live]').forEach(function (part) {
      var match = next.getElementById(part.id);
      if (match && match.innerHTML !== part.innerHTML) part.innerHTML = match.innerHTML;
    });
    if (other) document.getElementById('stale').hidden = false;
    return true;
  };
  var wait = function () {
    var phase = document.querySelector('main').dataset.phase;
    if (phase === 'ended') return;
    turns += 1;
    var seconds = phase === 'answered' || phase === 'telling' ? (turns < 15 ? 2 : turns < 60 ? 10 : 60) : (turns < 20 ? 15 : 60);
    setTimeout(look, seconds * 1000);
  };
  var look = function () {
    if (document.hidden) { wait(); return; }
    fetch(path + '/status', { method: 'POST', body: new URLSearchParams(fields()), credentials: 'omit' })
      .then(function (answer) { return answer.ok ? answer.text() : ''; })
      .then(function (text) { if (text) follow(text); }, function () {})
      .then(wait);
  };
  wait();
})();
`;
