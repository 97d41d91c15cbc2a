import { h, type Child, type PageElement } from './element';
import { minuteOf, short, whole } from './labels';
import type { Bar, Timeline } from './timeline-tally';

const WIDTH = 1120;
const HEIGHT = 190;
const LEFT = 52;
const TOP = 12;
const BOTTOM = 26;
const PLOT = HEIGHT - TOP - BOTTOM;
const DAY = 86_400_000;
/** So many labels of time fit below. */
const MOST_LABELS = 8;

/** The picture of how many connections there were when, and as a line, at the same time of the previous period. */
export function timelinePicture(timeline: Timeline, before: readonly Bar[]): PageElement {
  const { bars } = timeline;
  const most = Math.max(1, ...bars.map(({ times }) => times), ...before.map(({ times }) => times));
  const top = niceTop(most);
  const step = (WIDTH - LEFT) / bars.length;
  const yOf = (times: number): number => round(TOP + PLOT * (1 - times / top));
  return h(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      class: 'timeline',
      'aria-labelledby': 'timeline-title',
    },
    h('title', { id: 'timeline-title' }, `Connections by ${widthText(timeline.width)}`),
    ...[0, top / 2, top].map((value) => gridLine(yOf(value), value)),
    ...bars.flatMap((bar, index) => barOf(timeline, bar, index, step, yOf)),
    ...(before.length === 0 ? [] : [lineBefore(before.slice(0, bars.length), step, yOf)]),
    ...timeLabels(timeline, step),
  );
}

/** `hour`, `5 minutes`. */
export function widthText(width: number): string {
  const minutes = width / 60_000;
  const [unit, size] =
    minutes >= 1440
      ? (['day', 1440] as const)
      : minutes >= 60
        ? (['hour', 60] as const)
        : (['minute', 1] as const);
  const count = minutes / size;
  return count === 1 ? unit : `${count} ${unit}s`;
}

function gridLine(y: number, value: number): PageElement {
  return h(
    'g',
    { class: 'grid' },
    h('line', { x1: LEFT, x2: WIDTH, y1: y, y2: y }),
    h('text', { x: LEFT - 8, y: y + 4, class: 'end' }, short(value)),
  );
}

function barOf(
  { start, width }: Timeline,
  { times, failed }: Bar,
  index: number,
  step: number,
  yOf: (times: number) => number,
): PageElement[] {
  if (times === 0) return [];
  const at = minuteOf((start + index * width) / 1000);
  const failures = failed === 0 ? '' : `, ${whole(failed)} failed`;
  const x = round(LEFT + index * step);
  const w = round(Math.max(1, step - (step > 4 ? 1.5 : 0.4)));
  const rect = (kind: string, from: number, to: number): Child =>
    h('rect', { class: kind, x, y: yOf(to), width: w, height: Math.max(1, round(yOf(from) - yOf(to))) });
  return [
    h(
      'g',
      { class: 'bar' },
      h('title', {}, `${at}: ${whole(times)} connections${failures}`),
      ...(times > failed ? [rect('fine', failed, times)] : []),
      ...(failed > 0 ? [rect('failed', 0, failed)] : []),
    ),
  ];
}

function lineBefore(before: readonly Bar[], step: number, yOf: (times: number) => number): PageElement {
  const path = before.map(
    ({ times }, index) =>
      `${index === 0 ? 'M' : 'H'}${round(LEFT + index * step)}${index === 0 ? ' ' : 'V'}${yOf(times)}`,
  );
  return h(
    'g',
    { class: 'before' },
    h('title', {}, 'The previous period'),
    h('path', { d: `${path.join('')}H${WIDTH}` }),
  );
}

function timeLabels({ start, width, bars }: Timeline, step: number): PageElement[] {
  const every = Math.max(1, Math.ceil(bars.length / MOST_LABELS));
  const span = bars.length * width;
  return bars.flatMap((_, index) => {
    // The last would stand half outside.
    if (index % every !== 0 || LEFT + index * step > WIDTH - 60) return [];
    const text = minuteOf((start + index * width) / 1000);
    const label = width >= DAY ? text.slice(0, 10) : span > DAY ? text.slice(5) : text.slice(11);
    return [h('text', { class: 'time', x: round(LEFT + index * step), y: HEIGHT - 8 }, label)];
  });
}

/** A round number above it, whose half is a whole one too. */
function niceTop(most: number): number {
  const size = 10 ** Math.floor(Math.log10(most));
  const steps = size < 10 ? [2, 4, 6, 8, 10] : [1, 1.6, 2, 2.4, 3, 4, 5, 6, 8];
  return (steps.find((each) => each * size >= most) ?? 10) * size;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
