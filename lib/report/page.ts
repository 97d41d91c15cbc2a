import { createHash } from 'node:crypto';
import { inert } from '../rules/evaluate/printable';
import { h, print, type PageElement } from './element';
import { BROWSER_SCRIPT } from './generated/browser-script';
import { coverageSection, holesBanner } from './known';
import { minuteOf } from './labels';
import { numbers } from './numbers';
import { packed } from './page-data';
import { hasProxies, proxiesSection } from './proxies-section';
import type { Period, Report } from './report';
import {
  connectionsSection,
  mapSection,
  newSection,
  quarantinesSection,
  talkersSection,
  timelineSection,
} from './sections';
import { STYLE } from './style';

const PLACES: readonly (readonly [id: string, text: string])[] = [
  ['map', 'Map'],
  ['timeline', 'When'],
  ['new', 'New'],
  ['talkers', 'Talkers'],
  ['proxies', 'Proxies'],
  ['quarantines', 'Quarantines'],
  ['coverage', 'Coverage'],
  ['connections', 'Connections'],
];

/**
 * The report as one page: it loads nothing, runs the one script whose digest its policy names, and shows what is in alerts as
 * text. Without the script it is whole but for the search and the rows behind the first.
 */
export function page(report: Report): string {
  const parts = [
    header(report),
    toolbar(report),
    h(
      'main',
      {},
      ...holesBanner(report),
      numbers(report),
      ...[mapSection(report), timelineSection(report), newSection(report), talkersSection(report)],
      ...proxiesSection(report),
      ...[quarantinesSection(report), coverageSection(report), connectionsSection(report)],
    ),
    footer(report),
  ];
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8">`,
    print(h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy() })),
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${titleOf(report)}</title><style>${STYLE}</style></head><body>`,
    '<a class="skip" href="#connections">To the list of connections</a>',
    ...parts.map(print),
    `<script type="application/json" id="data">${dataText(report)}</script>`,
    `<script>${BROWSER_SCRIPT}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${digest(STYLE)}`,
    `script-src ${digest(BROWSER_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Nothing in it ends the element that holds it, or begins a comment. */
function dataText({ data }: Report): string {
  return JSON.stringify(packed(data)).replaceAll('<', '\\u003c');
}

function titleOf({ period }: Report): string {
  return period === undefined ? 'Egress report' : `Egress report, ${spanText(period)}`;
}

function spanText({ from, to }: Period): string {
  return `${minuteOf(from / 1000)} to ${minuteOf(to / 1000)} UTC`;
}

function header({ period, previous, data }: Report): PageElement {
  const clusters = [
    ...new Set(data.workloads.map(({ cluster }) => cluster).filter((name) => name !== undefined)),
  ];
  const lines = [
    ...(period === undefined ? [] : [spanText(period)]),
    ...(previous === undefined ? [] : [`compared with ${spanText(previous)}`]),
    ...(clusters.length === 0
      ? []
      : [`${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.sort().join(', ')}`]),
  ];
  return h('header', {}, h('h1', {}, 'Egress report'), h('p', {}, lines.join(' · ')));
}

/** Without its script only the links are there. */
function toolbar(report: Report): PageElement {
  const check = (id: string, label: string): PageElement =>
    h('label', { class: 'check' }, h('input', { type: 'checkbox', id }), ` ${label}`);
  return h(
    'div',
    { class: 'toolbar' },
    h(
      'nav',
      { 'aria-label': 'Parts of the report' },
      ...PLACES.filter(([id]) => id !== 'proxies' || hasProxies(report)).map(([id, text]) =>
        h('a', { href: `#${id}` }, text),
      ),
    ),
    h(
      'div',
      { id: 'tools', role: 'search', hidden: true },
      h('label', { class: 'find', for: 'find' }, 'Find'),
      h('input', {
        ...{ id: 'find', type: 'search', autocomplete: 'off', spellcheck: 'false' },
        ...{ placeholder: 'namespace, workload, process, address …  ( / )', 'aria-describedby': 'count' },
      }),
      check('only-new', 'new'),
      check('only-failed', 'failed'),
      check('only-internet', 'internet'),
      h('output', { id: 'count', 'aria-live': 'polite' }),
      h('button', { id: 'theme', type: 'button' }, 'Theme: system'),
    ),
  );
}

function footer({ made: { user, host, at, program } }: Report): PageElement {
  return h(
    'footer',
    {},
    h(
      'p',
      {},
      `Made ${at.slice(0, 19)}Z by ${inert(user)} on ${inert(host)} with ${program}. All times are in UTC.`,
    ),
  );
}
