/**
 * What makes the page answer: sorting, filtering, details on demand. Rows are in the page already, so it reads
 * without this, too. Text enters by `textContent` alone, links only with the schemes of the web.
 */
export const script = `
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  document.documentElement.classList.add('js');
  const table = byId('findings');
  if (!table) return;
  const body = table.tBodies[0];
  const details = JSON.parse(byId('details').textContent);
  const ranks = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const rows = [...body.rows].map((row, index) => ({
    row,
    index,
    text: row.textContent.toLowerCase(),
    cells: [...row.cells].map((cell) => cell.textContent.trim()),
    rank: ranks.indexOf(row.dataset.severity),
    opened: null,
  }));
  const shown = byId('shown');
  const search = byId('search');
  const selects = ['severity', 'kind', 'target', 'layer'].map(byId);
  const onlyFixed = byId('only-fixed');
  const cards = [...document.querySelectorAll('button.card')];

  const filter = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let count = 0;
    for (const one of rows) {
      const { row, text } = one;
      const keep =
        selects.every((select) => !select || select.value === '' || row.dataset[select.id] === select.value) &&
        (!onlyFixed.checked || row.dataset.fixed === '1') &&
        words.every((word) => text.includes(word));
      row.hidden = !keep;
      if (one.opened) one.opened.hidden = !keep;
      if (keep) count++;
    }
    shown.textContent = count === rows.length ? rows.length + ' findings' : count + ' of ' + rows.length + ' findings';
    const severity = byId('severity').value;
    for (const card of cards)
      card.setAttribute('aria-pressed', String(card.dataset.only ? card.dataset.only === severity : onlyFixed.checked));
  };

  const sort = (header, column) => {
    const current = header.getAttribute('aria-sort');
    const descending = current ? current === 'ascending' : column === 0;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    const sign = descending ? -1 : 1;
    const compare = column === 0 ? (a, b) => a.rank - b.rank : (a, b) => collator.compare(a.cells[column], b.cells[column]);
    rows.sort((a, b) => sign * compare(a, b) || a.index - b.index);
    const all = document.createDocumentFragment();
    for (const { row, opened } of rows) all.append(row, ...(opened ? [opened] : []));
    body.append(all);
  };

  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };

  const open = (one, button) => {
    if (one.opened) {
      one.opened.remove();
      one.opened = null;
      button.setAttribute('aria-expanded', 'false');
      return;
    }
    const [description, facts, links] = details[Number(one.row.dataset.details)];
    const row = document.createElement('tr');
    row.className = 'details';
    const cell = row.insertCell();
    cell.colSpan = one.row.cells.length;
    if (description) cell.append(element('p', description));
    for (const fact of facts) cell.append(element('p', fact));
    const list = document.createElement('ul');
    for (const link of links) {
      if (!/^(https?|ftp):\\/\\//i.test(link)) continue;
      const anchor = element('a', link);
      anchor.href = link;
      anchor.rel = 'noopener noreferrer';
      const item = document.createElement('li');
      item.append(anchor);
      list.append(item);
    }
    cell.append(list);
    one.row.after(row);
    one.opened = row;
    button.setAttribute('aria-expanded', 'true');
  };

  const ofRow = new Map(rows.map((one) => [one.row, one]));
  body.addEventListener('click', (event) => {
    const button = event.target.closest('button.more');
    if (button) open(ofRow.get(button.closest('tr')), button);
  });
  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const button = header.querySelector('button');
    if (button) button.addEventListener('click', () => sort(header, column));
  });
  let timer = 0;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 80);
  });
  for (const select of selects) if (select) select.addEventListener('change', filter);
  onlyFixed.addEventListener('change', filter);
  for (const card of cards)
    card.addEventListener('click', () => {
      const { only } = card.dataset;
      if (only) byId('severity').value = byId('severity').value === only ? '' : only;
      else onlyFixed.checked = !onlyFixed.checked;
      filter();
    });
  filter();
})();
`;
