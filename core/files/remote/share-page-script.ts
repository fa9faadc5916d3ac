/** Plain script of the page for colleagues. No value from outside is ever markup: only `textContent` and attributes. */
export const sharePageScript = `
'use strict';
(() => {
const el = (id) => document.getElementById(id);
const [message, table, path, more, dialog] = ['message', 'files', 'path', 'more', 'preview'].map(el);
const rows = table.tBodies[0];
const pageSize = 200;
let volumes = [], scope = null, place = null, shown = 0, turn = 0;

const node = (tag, text, click) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (click) { made.type = 'button'; made.className = 'open'; made.addEventListener('click', click); }
  return made;
};
const say = (text, isProblem) => { message.textContent = text; message.className = isProblem ? 'problem' : ''; message.hidden = text === ''; };
const ask = async (address, body, headers) => {
  const answer = await fetch(address, body === undefined ? { headers } : { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const json = await answer.json().catch(() => null);
  if (answer.ok) return json;
  const error = json && json.error ? json.error : { message: 'The worker gave no answer.', hint: '' };
  throw new Error([error.message, error.hint].filter(Boolean).join(' '));
};
const attempt = async (work) => {
  try { await work(); } catch (failure) { table.hidden = true; more.hidden = true; say(failure instanceof TypeError ? 'The worker cannot be reached. The session may have ended.' : failure.message, true); }
};
const address = (where, at) => where + '?' + new URLSearchParams({ volumeId: at.volumeId, path: at.path });
const size = (bytes) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let step = 0;
  while (bytes >= 1024 && step < units.length - 1) { bytes /= 1024; step += 1; }
  return (step === 0 ? bytes : bytes.toFixed(1)) + ' ' + units[step];
};
const time = (text) => (text ? text.slice(0, 16).replace('T', ' ') : '');
const take = (entry) => {
  if (entry.problem || !['file', 'directory'].includes(entry.kind)) return node('span', '');
  const folder = entry.kind === 'directory';
  const link = node('a', folder ? 'Zip' : 'Download');
  link.href = address(folder ? '/share/archive' : '/share/content', entry);
  link.setAttribute('download', '');
  link.setAttribute('aria-label', (folder ? 'Download as zip: ' : 'Download: ') + entry.path);
  return link;
};
const row = (entry, name) => {
  const line = rows.insertRow();
  const first = line.insertCell();
  if (entry.kind === 'directory') first.append(node('button', name + '/', () => go(entry)));
  else if (entry.kind === 'file' && !entry.problem) first.append(node('button', name, () => preview(entry)));
  else first.append(node('span', name + (entry.linkTarget ? ' -> ' + entry.linkTarget : '')));
  if (entry.problem) { const why = node('div', entry.problem); why.className = 'problem'; first.append(why); }
  const bytes = line.insertCell();
  bytes.className = 'number';
  bytes.textContent = entry.kind === 'file' ? size(entry.sizeBytes) : '';
  line.insertCell().textContent = time(entry.modified);
  line.insertCell().append(take(entry));
};
const clear = () => { rows.replaceChildren(); table.hidden = true; more.hidden = true; };
const trail = () => {
  path.replaceChildren();
  if (!place) return;
  const volume = volumes.find(({ id }) => id === place.volumeId);
  const top = scope ? scope.path : '/';
  if (!scope) path.append(node('button', 'Volumes', () => home()));
  path.append(node('button', top === '/' ? (volume ? volume.name : place.volumeId) : top, () => go({ volumeId: place.volumeId, path: top })));
  let at = top === '/' ? '' : top;
  for (const part of place.path.slice(top === '/' ? 0 : top.length).split('/').filter(Boolean)) {
    at += '/' + part;
    const target = at;
    path.append(node('button', part, () => go({ volumeId: place.volumeId, path: target })));
  }
  const all = take({ ...place, kind: 'directory', problem: null });
  all.textContent = 'Download this folder';
  path.append(all);
};
const page = async () => {
  const mine = turn;
  const listing = await ask('/share/list', { ...place, offset: shown, limit: pageSize });
  if (mine !== turn) return;
  for (const entry of listing.entries) row({ ...entry, volumeId: place.volumeId }, entry.name);
  shown += listing.entries.length;
  table.hidden = listing.total === 0;
  more.hidden = shown >= listing.total;
  say(listing.total === 0 ? 'This folder is empty.' : '');
};
const go = (target) => attempt(async () => {
  place = { volumeId: target.volumeId, path: target.path };
  shown = 0; turn += 1;
  clear(); say('Reading ...'); trail();
  await page();
  const first = [...path.querySelectorAll('button')].at(-1);
  if (first) first.focus();
});
const home = () => attempt(async () => {
  place = null; turn += 1;
  clear(); trail();
  for (const volume of volumes.filter(({ readable }) => readable))
    row({ volumeId: volume.id, path: '/', kind: 'directory', modified: null, problem: null, sizeBytes: 0 }, volume.name);
  table.hidden = false;
  say('');
});
const preview = (entry) => attempt(async () => {
  const [title, text, link] = [el('previewed'), dialog.querySelector('pre'), dialog.querySelector('a')];
  title.textContent = entry.path;
  text.textContent = 'Reading ...';
  link.href = address('/share/content', entry);
  link.setAttribute('download', '');
  dialog.showModal();
  const answer = entry.sizeBytes === 0 ? null : await fetch(link.href, { headers: { range: 'bytes=0-65535' } });
  const bytes = answer && answer.ok ? new Uint8Array(await answer.arrayBuffer()) : new Uint8Array(0);
  if (answer && !answer.ok) text.textContent = 'The file cannot be read.';
  else if (bytes.includes(0)) text.textContent = 'This file is no text.';
  else text.textContent = new TextDecoder().decode(bytes) + (entry.sizeBytes > bytes.length ? ' ...' : '');
});
const search = () => attempt(async () => {
  const text = el('text').value.trim();
  if (text === '') return place ? go(place) : home();
  turn += 1;
  const mine = turn;
  clear(); say('Searching ...');
  for (;;) {
    const found = await ask('/share/search', place ? { volumeId: place.volumeId, below: place.path, text } : { text });
    if (mine !== turn) return;
    rows.replaceChildren();
    for (const hit of found.hits) row({ ...hit, problem: null }, hit.path);
    table.hidden = found.hits.length === 0;
    const building = found.indexes.filter(({ state }) => state === 'building');
    say(building.length > 0 ? 'Searching ... ' + building.reduce((sum, { entries }) => sum + entries, 0) + ' entries read.' : found.hits.length + (found.more ? ' or more' : '') + ' found.');
    if (building.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
});

more.addEventListener('click', () => attempt(page));
el('search').addEventListener('submit', (event) => { event.preventDefault(); search(); });
el('shut').addEventListener('click', () => dialog.close());
attempt(async () => {
  const secret = location.hash.slice(1);
  if (secret !== '') {
    history.replaceState(null, '', location.pathname);
    await ask('/share/enter', {}, { authorization: 'Bearer ' + secret });
  }
  ({ volumes, scope } = await ask('/share/about'));
  el('search').hidden = false;
  if (!scope) return volumes.filter(({ readable }) => readable).length === 1 ? go({ volumeId: volumes.find(({ readable }) => readable).id, path: '/' }) : home();
  const details = await ask('/share/details', scope);
  if (details.kind === 'directory') return go(scope);
  el('search').hidden = true;
  place = scope;
  row({ ...details, volumeId: scope.volumeId }, details.name);
  table.hidden = false;
  say('');
});
})();
`;
