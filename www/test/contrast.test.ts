import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const css = readFileSync(new URL('../src/design.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1] ?? '');

const tokens = (block: string): Map<string, string> => new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]));

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const TEXT = [
  ['ink', 'paper'], ['ink', 'card'], ['ink', 'tint'], ['ink-soft', 'paper'], ['ink-soft', 'card'], ['accent', 'paper'], ['accent', 'card'],
  ['on-accent', 'accent'], ['on-accent', 'accent-strong'], ['warn-ink', 'warn-tint'], ['warn-ink', 'card'], ['stop-ink', 'stop-tint'], ['stop-ink', 'card'], ['on-stop', 'stop-fill'], ['demo-ink', 'demo-tint'],
] as const;
const SHAPES = [['line-strong', 'paper'], ['line-strong', 'card'], ['accent', 'paper'], ['trace', 'strip'], ['trace', 'grid'], ['trace', 'grid-strong'], ['warn-line', 'card'], ['stop-line', 'card'], ['stop-fill', 'stop-tint'], ['demo-line', 'card']] as const;

it.each([['light', light], ['dark', dark]])('%s colours keep their contrast', (_name, block) => {
  const colours = tokens(block);
  const between = (one: string, other: string): number => contrast(colours.get(one) ?? '', colours.get(other) ?? '');
  for (const [one, other] of TEXT) expect([one, other, between(one, other) >= 4.5]).toEqual([one, other, true]);
  for (const [one, other] of SHAPES) expect([one, other, between(one, other) >= 3]).toEqual([one, other, true]);
});
