import { svg } from '../shared/dom.js';

const LINE = { fill: 'none', stroke: 'currentColor', 'stroke-width': 3, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };

function figure(label: string, ...children: SVGElement[]): SVGElement {
  return svg('svg', { viewBox: '0 0 160 120', class: 'figure', role: 'img', 'aria-label': label }, ...children);
}

/** The inside of a strap with its two patches, and drops of water. */
export function moisten(): SVGElement {
  const drop = (x: number, y: number): SVGElement =>
    svg('path', { d: `M${x} ${y}c6 8 9 12 9 17a9 9 0 0 1-18 0c0-5 3-9 9-17z`, class: 'figure-accent' });
  return figure(
    'Inside of the strap with two dark patches, drops of water above each',
    svg('rect', { x: 8, y: 66, width: 144, height: 28, rx: 12, class: 'figure-soft' }),
    svg('rect', { x: 8, y: 66, width: 144, height: 28, rx: 12, ...LINE }),
    svg('rect', { x: 28, y: 72, width: 38, height: 16, rx: 5, class: 'figure-ink' }),
    svg('rect', { x: 94, y: 72, width: 38, height: 16, rx: 5, class: 'figure-ink' }),
    drop(38, 22),
    drop(57, 30),
    drop(104, 30),
    drop(123, 22),
  );
}

/** An upper body with the strap just below the chest, logo in the middle. */
export function worn(): SVGElement {
  return figure(
    'Upper body with the strap around the chest, just below the chest muscles, logo in the middle',
    svg('path', { d: 'M66 6v12c0 6-6 8-16 11-14 4-20 12-22 26l-4 32', ...LINE }),
    svg('path', { d: 'M94 6v12c0 6 6 8 16 11 14 4 20 12 22 26l4 32', ...LINE }),
    svg('path', { d: 'M44 56c1 22 4 40 3 60M116 56c-1 22-4 40-3 60', ...LINE }),
    svg('path', { d: 'M56 52c8 7 16 7 22 1M82 53c6 6 14 6 22-1', ...LINE, 'stroke-width': 2 }),
    svg('path', { d: 'M46 70c22 7 46 7 68 0l-1 13c-22 7-44 7-66 0z', class: 'figure-accent' }),
    svg('rect', { x: 70, y: 71, width: 20, height: 16, rx: 5, class: 'figure-card' }),
    svg('path', { d: 'M76 83v-8M76 75l-3 3M76 75l3 3', ...LINE, 'stroke-width': 2, transform: 'translate(4 0)' }),
  );
}

/** An upper arm with a cuff, the forearm on a table. */
export function cuffed(): SVGElement {
  return figure(
    'An arm resting on a table, a cuff around the upper arm',
    svg('path', { d: 'M20 104h124', ...LINE, class: 'figure-soft-line' }),
    svg('path', { d: 'M38 10c-8 22-10 46-4 70 2 8 8 12 16 12h84c8 0 10-14 0-16l-52-4c-6-1-9-4-9-10l1-40', ...LINE }),
    svg('path', { d: 'M30 32l45 4-1 26-43-2z', class: 'figure-accent' }),
    svg('path', { d: 'M75 48c16 2 22 10 30 22', ...LINE, 'stroke-width': 2 }),
    svg('rect', { x: 100, y: 66, width: 26, height: 18, rx: 4, class: 'figure-card' }),
  );
}

/** Someone leaning back on a chair, arms resting. */
export function seated(): SVGElement {
  return figure(
    'A person sitting, leaning back, arms resting on the lap',
    svg('path', { d: 'M48 34v50M48 84h48M52 84v28M94 84v28', ...LINE, class: 'figure-soft-line' }),
    svg('circle', { cx: 70, cy: 20, r: 12, ...LINE }),
    svg('path', { d: 'M66 34c-6 14-6 30-4 42h36l4 36', ...LINE }),
    svg('path', { d: 'M70 44c2 12 6 20 22 24', ...LINE }),
    svg('path', { d: 'M60 50c8 3 14 3 18 1', ...LINE, class: 'figure-accent-line', 'stroke-width': 5 }),
  );
}
