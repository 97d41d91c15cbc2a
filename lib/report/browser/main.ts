/** The script of the page. `npm run generate` makes lib/report/generated/browser-script.ts of it. */
import { whole } from '../labels';
import { unpacked, type PackedData } from '../page-data';
import { Search } from '../search';
import { EdgeTable } from './edge-table';
import { find } from './find';
import { LiveMap } from './live-map';
import { themeButton } from './theme';

/** Nobody types faster. */
const PAUSE = 120;

function start(): void {
  const text = find('data', HTMLScriptElement).textContent;
  // Our own, of the same page.
  const data = unpacked(JSON.parse(text) as PackedData);
  const input = find('find', HTMLInputElement);
  const count = find('count', HTMLOutputElement);
  const [onlyNew, onlyFailed, onlyInternet] = ['only-new', 'only-failed', 'only-internet'].map((id) =>
    find(id, HTMLInputElement),
  );
  const search = new Search(data);
  const table = new EdgeTable(data);
  const map = new LiveMap(data, (found) => {
    input.value = input.value === found ? '' : found;
    input.focus();
    show();
  });
  const say = (found: number): void => {
    count.value = `${whole(found)} of ${whole(data.edges.length)} rows`;
  };
  const show = (): void => {
    const found = search.find({
      text: input.value,
      onlyNew: onlyNew?.checked === true,
      onlyFailed: onlyFailed?.checked === true,
      onlyInternet: onlyInternet?.checked === true,
    });
    map.set(found);
    table.set(found);
    say(found.length);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  for (const box of [onlyNew, onlyFailed, onlyInternet]) box?.addEventListener('change', show);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && input.value !== '') {
      input.value = '';
      show();
    } else if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      input.focus();
    }
  });
  themeButton();
  say(data.edges.length);
  find('tools', HTMLDivElement).hidden = false;
}

start();
