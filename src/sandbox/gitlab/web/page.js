// Renews the part of the page that shows a state, once a second, without losing scroll or focus.
const main = document.querySelector('main[data-live]');
const every = 1000;
let shown = '';

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(main.dataset.live, { headers: { accept: 'application/json' } });
  if (!answer.ok) return;
  const { html } = await answer.json();
  if (html === shown) return;
  const isFirst = shown === '';
  shown = html;
  // The first answer is what the server has just sent with the page, unless something happened meanwhile.
  const fresh = document.createElement('main');
  fresh.innerHTML = html;
  if (isFirst && fresh.innerHTML === main.innerHTML) return;
  replace(fresh);
}

function replace(fresh) {
  const focused = document.activeElement?.id;
  const open = [...main.querySelectorAll('details[open]')].map((one) => one.className);
  const log = main.querySelector('.log');
  const atEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const top = log?.scrollTop ?? 0;
  main.replaceChildren(...fresh.childNodes);
  for (const name of open) main.querySelector(`details.${name}`)?.setAttribute('open', '');
  const newLog = main.querySelector('.log');
  if (newLog) newLog.scrollTop = atEnd ? newLog.scrollHeight : top;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

if (main) {
  const log = main.querySelector('.log');
  if (log) log.scrollTop = log.scrollHeight;
  setInterval(() => renew().catch(() => {}), every);
}
