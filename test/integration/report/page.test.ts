import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '../../../lib/history/connection';
import { rowsAtTheTime } from '../../../lib/history/inventory/at-the-time';
import { InventoryHistory } from '../../../lib/history/inventory/inventory';
import { Tally } from '../../../lib/history/tally';
import { ConnectionTally } from '../../../lib/report/connection-tally';
import { makeReport } from '../../../lib/report/make-report';
import { page } from '../../../lib/report/page';
import type { PageData } from '../../../lib/report/page-data';
import { answerAsHtml } from '../../../lib/who/answer-html';
import { Chromium, CHROMIUM, type BrowserPage } from './chromium';
import { connection, manyRows } from './connections';

jest.setTimeout(120_000);

const EVIL = '</script><script>window.owned = true</script><img src=x onerror="window.owned = true">';
const [LAST_WEEK, WEEK] = ['2026-11-10T07:00:00Z', '2026-11-17T07:00:00Z'];
const CONNECTIONS = [
  connection(LAST_WEEK, 'java', ['203.0.113.7', 443, 'api.example.org']),
  connection(WEEK, 'java', ['203.0.113.7', 443, 'api.example.org'], { count: 1200 }),
  connection(WEEK, 'curl', ['213.215.222.58', 443], { workload: 'nginx', failed: true, count: 17 }),
  connection(WEEK, 'node', ['10.20.4.17', 5432], { workload: 'checkout', count: 300 }),
  connection(WEEK, EVIL, ['169.254.169.254', 80], { workload: 'evil' }),
];
/** Two that fill the room of a label, on both sides. */
const LONG_NAMES = ['billing-reconciliation-worker-of-the-night', 'customer-communication-gateway-mmm'].map(
  (workload, index) =>
    connection(WEEK, 'java', [`198.51.100.${index}`, 443, `${workload.toLowerCase()}.prod.example.org`], {
      ...{ workload, count: 9_000_000 },
    }),
);
const folder = mkdtempSync(join(tmpdir(), 'falco-egress-page-'));

function write(name: string, connections: readonly Connection[], rows?: PageData): string {
  const [from, to] = [Date.parse('2026-11-16T00:00:00Z'), Date.parse('2026-11-23T00:00:00Z')];
  const tally = new ConnectionTally();
  for (const each of connections) tally.add(each, Number(each.last / 1_000_000n) < from ? 'before' : 'now');
  const report = makeReport({
    ...{ tally, period: { from, to }, previous: { from: 2 * from - to, to: from } },
    quarantines: [
      {
        ...{ source: 'history', namespace: 'shop', pod: 'nginx-0', since: from / 1000, ended: undefined },
        ...{ why: 'Connection to vistatech.it', state: 'contained' },
      },
    ],
    ...{ askedCluster: false, missing: [], files: [], lokis: [] },
    made: { user: '<b>me</b>', host: 'here', at: '2026-11-23T00:00:00.000Z', program: 'falco-egress 0' },
    coverage: { kind: 'unknown', why: 'no canary records' },
  });
  const file = join(folder, name);
  writeFileSync(file, page(rows === undefined ? report : { ...report, data: rows }));
  return `file://${file}`;
}

/** The page of `who` about them. */
function answer(): string {
  const tally = new Tally();
  for (const each of CONNECTIONS) tally.add(each);
  const file = join(folder, 'answer.html');
  const rows = rowsAtTheTime(tally.rows(), new InventoryHistory());
  const none = { from: undefined, to: undefined, resolved: undefined, addresses: [], names: [], remarks: [] };
  writeFileSync(
    file,
    answerAsHtml({
      ...{ question: { asked: '0.0.0.0/0', ...none }, rows, leftOut: 0, duplicates: 0 },
      asker: { user: 'me', host: 'here', at: '2026-11-23T00:00:00.000Z', program: 'falco-egress 0' },
      ...{ files: [], lokis: [], inventories: [], canaries: [], queries: [] },
      coverage: { kind: 'unknown', why: 'no canary records' },
    }),
  );
  return `file://${file}`;
}

const inChromium = CHROMIUM === undefined ? describe.skip : describe;
if (CHROMIUM === undefined)
  console.warn('skipped: there is no Chromium here (Debian: apt-get install chromium)');

inChromium('the page of a report, in Chromium', () => {
  let chromium: Chromium;
  let tab: BrowserPage;
  let url: string;

  beforeAll(async () => {
    url = write('report.html', CONNECTIONS);
    chromium = new Chromium(CHROMIUM ?? '');
    tab = await chromium.open();
  });

  afterAll(async () => {
    await chromium.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    await tab.show();
    await tab.go(url);
  });

  const rows = (): Promise<string[]> =>
    tab.ask(`[...document.querySelectorAll('#edges tbody tr')].map((row) => row.cells[1].textContent)`);
  const nodes = (): Promise<string[]> =>
    tab.ask(
      `[...document.querySelectorAll('.map .node')].filter((node) => node.checkVisibility()).map((node) => node.dataset.search)`,
    );
  const count = (): Promise<string> => tab.ask(`document.getElementById('count').value`);

  test('asks for nothing, complains of nothing, and runs nothing of what is in alerts', async () => {
    expect(await rows()).toEqual(['java', 'node', 'curl', EVIL]);
    expect(await tab.ask('window.owned')).toBeUndefined();
    expect(await tab.ask(`document.querySelectorAll('b, img').length`)).toBe(0);
    expect(new Set(tab.requests)).toEqual(new Set([url]));
    expect(tab.complaints).toEqual([]);
  });

  test('its policy refuses scripts, styles and addresses that are not its own', async () => {
    const refused = await tab.ask<string[]>(`new Promise((done) => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        seen.push(event.effectiveDirective);
        if (seen.length === 3) done(seen.sort());
      });
      const script = document.createElement('script');
      script.textContent = 'window.owned = true';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.body.append(script, style);
      new Image().src = 'https://example.org/x.png';
    })`);
    expect(refused).toEqual(['img-src', 'script-src-elem', 'style-src-elem']);
    expect(await tab.ask('window.owned')).toBeUndefined();
    tab.complaints.length = 0;
  });

  test('is searched and used by keyboard alone', async () => {
    expect(await count()).toBe('4 of 4 rows');
    await tab.press('/', '/');
    expect(await tab.ask('document.activeElement.id')).toBe('find');
    await tab.type('shop curl');
    await tab.until(`document.getElementById('count').value === '1 of 4 rows'`);
    expect([await rows(), await nodes()]).toEqual([
      ['curl'],
      ['"shop/StatefulSet/nginx"', '"213.215.222.58:443"'],
    ]);
    await tab.press('Escape');
    await tab.until(`document.getElementById('count').value === '4 of 4 rows'`);
    // By Tab to the map, and its first workload searched for by Enter.
    for (let tabs = 0; tabs < 20 && !(await tab.ask(`document.activeElement.matches('.map .node')`)); tabs++)
      await tab.press('Tab');
    expect(await tab.ask(`document.activeElement.getAttribute('aria-label')`)).toBe(
      'shop/StatefulSet/cart: 1,200 connections',
    );
    expect(await tab.ask(`document.querySelectorAll('.map.chosen .link.near').length`)).toBe(1);
    await tab.press('Enter', '\r');
    await tab.until(`document.getElementById('find').value === '"shop/StatefulSet/cart"'`);
    expect(await rows()).toEqual(['java']);
  });

  test('shows what is new, what failed, what goes to the internet, and sorts', async () => {
    const click = (selector: string): Promise<unknown> =>
      tab.ask(`document.querySelector('${selector}').click()`);
    await click('#only-new');
    expect(await rows()).toEqual(['node', 'curl', EVIL]);
    await click('#only-internet');
    expect(await rows()).toEqual(['curl']);
    await click('#only-internet');
    await click('th[data-key="process"] button');
    expect(await rows()).toEqual([EVIL, 'curl', 'node']);
    expect(await tab.ask(`document.querySelector('th[data-key="process"]').ariaSort`)).toBe('ascending');
    expect(await tab.ask(`document.querySelectorAll('.map.wide .link.new').length`)).toBe(3);
    expect(await tab.ask(`document.querySelectorAll('.map.wide .link.failed').length`)).toBe(1);
  });

  test('is whole without JavaScript', async () => {
    await tab.call('Emulation.setScriptExecutionDisabled', { value: true });
    await tab.go(url);
    await tab.call('Emulation.setScriptExecutionDisabled', { value: false });
    expect(await tab.ask(`document.getElementById('tools').checkVisibility()`)).toBe(false);
    expect([await rows(), (await nodes()).length]).toEqual([['java', 'node', 'curl', EVIL], 8]);
    const sections = await tab.ask<string[]>(
      `[...document.querySelectorAll('section')].map((each) => each.id)`,
    );
    expect(sections).toEqual(['map', 'timeline', 'new', 'talkers', 'quarantines', 'coverage', 'connections']);
  });

  test.each(['light', 'dark'])(
    'can be read in %s: contrast, names, and the choice of the theme',
    async (scheme) => {
      await tab.show({ scheme });
      const other = scheme === 'light' ? 'dark' : 'light';
      const paper = (): Promise<string> => tab.ask(`getComputedStyle(document.body).backgroundColor`);
      const before = await paper();
      const low = await tab.ask<string[]>(LOW_CONTRAST);
      expect(low).toEqual([]);
      expect(await tab.ask(WITHOUT_NAME)).toEqual([]);
      while ((await tab.ask(`document.getElementById('theme').textContent`)) !== `Theme: ${other}`)
        await tab.ask(`document.getElementById('theme').click()`);
      expect(await paper()).not.toBe(before);
    },
  );

  test('fits a phone, and paper', async () => {
    await tab.show({ width: 390 });
    expect(await tab.ask('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await tab.show({ media: 'print', scheme: 'dark' });
    expect(await tab.ask(`document.querySelector('.toolbar').checkVisibility()`)).toBe(false);
    expect(await tab.ask(`getComputedStyle(document.body).backgroundColor`)).toBe('rgb(255, 255, 255)');
  });

  test.each([500, 1280])(
    'breaks no word in a table, and leaves no empty place, at %i pixels',
    async (width) => {
      await tab.show({ width });
      expect(await tab.ask(BROKEN_WORDS)).toEqual([]);
      const ends = await tab.ask<number[]>(
        `['.numbers', '.numbers div:last-child'].map((each) => document.querySelector(each).getBoundingClientRect().right)`,
      );
      expect((ends[0] ?? 0) - (ends[1] ?? 0)).toBeLessThanOrEqual(2);
      // What is wider than the page is scrolled, and says so.
      expect(await tab.ask(`document.querySelector('#timeline .sideways').checkVisibility()`)).toBe(
        width === 500,
      );
      expect(await tab.ask('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  );

  test.each([360, 500, 860, 1280])(
    'shows the map whole at %i pixels, with each label to be read and chosen',
    async (width) => {
      await tab.show({ width });
      await tab.go(write('map.html', [...CONNECTIONS, ...LONG_NAMES]));
      expect(await tab.ask(MAP_TROUBLE)).toEqual([]);
      expect(await nodes()).toHaveLength(12);
      await tab.ask(`${SHOWN_MAP}.querySelector('.node').dispatchEvent(new Event('click'))`);
      await tab.until(`document.getElementById('find').value !== ''`);
      expect(await tab.ask(MAP_TROUBLE)).toEqual([]);
      expect(await nodes()).toHaveLength(2);
    },
  );

  test.each([500, 1000])('the answer of who breaks no word either, at %i pixels', async (width) => {
    await tab.show({ width });
    await tab.go(answer());
    expect(await tab.ask(`document.querySelectorAll('tbody tr').length`)).toBe(4);
    expect(await tab.ask(BROKEN_WORDS)).toEqual([]);
    expect(await tab.ask('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  test('holds 100,000 rows, of which few are in the document', async () => {
    await tab.go(write('large.html', [], manyRows(100_000)));
    expect(await count()).toBe('100,000 of 100,000 rows');
    expect(await tab.ask(`document.querySelectorAll('*').length`)).toBeLessThan(6000);
    await tab.ask(`document.querySelector('#pages button:last-child').click()`);
    expect(await tab.ask(`document.querySelector('#pages span').textContent`)).toBe('101–200 of 100,000');
    await tab.ask(`document.getElementById('find').focus()`);
    await tab.type('"shop/deployment/service-7" curl');
    await tab.until(`document.getElementById('count').value === '86 of 100,000 rows'`);
    expect(tab.complaints).toEqual([]);
  });
});

const SHOWN_MAP = `[...document.querySelectorAll('.map')].find((each) => each.checkVisibility())`;

/** What of the map does not lie in its place and on the page, and texts that lie on one another. */
const MAP_TROUBLE = `(() => {
  const holder = document.getElementById('map-holder');
  const trouble = holder.scrollWidth > holder.clientWidth ? ['it is scrolled'] : [];
  const shown = [...document.querySelectorAll('.map')].filter((each) => each.checkVisibility());
  if (shown.length !== 1) return [...trouble, shown.length + ' maps'];
  const [map] = shown;
  const whole = map.getBoundingClientRect();
  const boxes = [...map.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  for (const [text, box] of boxes) {
    if (box.left < whole.left - 1 || box.right > whole.right + 1) trouble.push('cut: ' + text);
    if (box.height < 9) trouble.push('small: ' + text);
  }
  for (const [index, [text, a]] of boxes.entries())
    for (const [other, b] of boxes.slice(index + 1))
      if (a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
        trouble.push(text + ' on ' + other);
  return trouble;
})()`;

/** Words of tables that stand in more than one line, though they are no longer than names and addresses usually are. */
const BROKEN_WORDS = `(() => {
  const broken = [];
  for (const cell of document.querySelectorAll('th, td')) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      for (const { 0: word, index } of node.data.matchAll(/(?<![\\w.:~])[\\w.:~]{1,32}(?![\\w.:~])/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
      }
  }
  return broken;
})()`;

/** Texts that stand out too little from what is behind them (WCAG 2.2, 1.4.3). */
const LOW_CONTRAST = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const [r, g, b] = color.map((value) => value / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const color = rgb(getComputedStyle(each).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.body.querySelectorAll('*')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!hasText || !element.checkVisibility() || element.closest('title, desc, script')) continue;
    const style = getComputedStyle(element);
    if (element.disabled) continue;
    const [a, b] = [light(rgb(element.closest('svg') ? style.fill : style.color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(element.tagName + '.' + element.getAttribute('class') + ' ' + ratio.toFixed(2));
  }
  return [...new Set(low)];
})()`;

/** Tables without a caption, pictures and fields without a name, references to nothing, ids that are there twice. */
const WITHOUT_NAME = `[
  ...[...document.querySelectorAll('table')].filter((table) => !table.caption?.textContent),
  ...[...document.querySelectorAll('svg:not([aria-hidden])')].filter((svg) => !svg.querySelector('title')?.textContent),
  ...[...document.querySelectorAll('input')].filter((input) => input.labels.length === 0),
  ...[...document.querySelectorAll('[role="region"], [role="button"]')].filter((each) => !each.ariaLabel),
  ...[...document.querySelectorAll('[aria-labelledby], [aria-describedby]')].filter((each) =>
    ((each.getAttribute('aria-labelledby') ?? '') + ' ' + (each.getAttribute('aria-describedby') ?? ''))
      .trim().split(/ +/).some((id) => document.getElementById(id) === null)),
  ...[...document.querySelectorAll('[id]')].filter((each) => document.querySelectorAll('#' + each.id).length !== 1),
  ...[...document.querySelectorAll('a[href^="#"]')].filter((a) => document.querySelector(a.hash) === null),
].map((element) => element.outerHTML.slice(0, 100))`;
