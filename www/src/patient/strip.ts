import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h } from '../shared/dom.js';

/** Seconds across the strip. */
const WIDTH_S = 4;
/** Seconds that the pen stays behind the newest sample: straps send bursts of half a second. */
const LAG_S = 0.8;
/** Seconds cleared in front of the pen. */
const CLEARED_S = 0.25;
/** Least height of the strip in microvolts, so that noise is not blown up to fill it. */
const LEAST_UV = 1200;

/** Fewer missing samples than this are a correction of the clock, not a hole. */
const LEAST_GAP = 4;

/** A moving strip of ECG: the pen runs from left to right and starts again, as on a bedside screen. Not to scale. */
export class Strip {
  readonly element: HTMLElement;
  #plot: uPlot | undefined;
  #rate = 0;
  #values: (number | null)[] = [];
  #places: number[] = [];
  /** Samples not yet drawn; null where some are missing. */
  #waiting: (number | null)[] = [];
  #pen = 0;
  #last = 0;
  #owed = 0;
  #next: number | undefined;
  #range: [number, number] = [-LEAST_UV / 2, LEAST_UV / 2];
  #frame = 0;
  #still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  #resize = new ResizeObserver(() => this.#fit());

  constructor() {
    this.element = h('div', { class: 'strip', role: 'img', 'aria-label': 'Moving trace of your heartbeat' });
    this.#resize.observe(this.element);
  }

  /** Takes samples as received. */
  push(samplesUv: Float32Array, startS: number, samplingRateHz: number): void {
    if (!(samplingRateHz > 0)) return;
    // The measured rate is refined while samples come in: only another kind of source starts a new strip.
    if (Math.abs(this.#rate - samplingRateHz) > 0.05 * samplingRateHz) this.#start(samplingRateHz);
    const missing = this.#next === undefined ? 0 : Math.round((startS - this.#next) * samplingRateHz);
    if (missing > LEAST_GAP && missing < WIDTH_S * samplingRateHz) this.#waiting.push(...new Array<null>(missing).fill(null));
    for (const value of samplesUv) this.#waiting.push(Number.isFinite(value) ? value : null);
    this.#next = startS + samplesUv.length / samplingRateHz;
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  /** Ends the movement and lets the drawing go. */
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #start(rate: number): void {
    this.#rate = rate;
    const count = Math.round(WIDTH_S * rate);
    this.#places = Array.from({ length: count }, (_, index) => index / rate);
    this.#values = new Array<null>(count).fill(null);
    this.#waiting = [];
    this.#pen = 0;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), [this.#places, this.#values], this.element);
  }

  #draw(now: number): void {
    const seconds = this.#last === 0 ? 0 : Math.min(1, (now - this.#last) / 1000);
    // With reduced motion the strip changes once a second, as a whole.
    if (!this.#still || seconds >= 1 || this.#last === 0) {
      this.#last = now;
      this.#advance(seconds);
    }
    this.#frame = requestAnimationFrame((next) => this.#draw(next));
  }

  #advance(seconds: number): void {
    const behind = this.#waiting.length - LAG_S * this.#rate;
    // The pen runs a little faster or slower than the clock, so that it keeps its distance to the newest sample.
    this.#owed += seconds * this.#rate * Math.max(0, Math.min(3, 1 + behind / this.#rate));
    const count = Math.min(Math.floor(this.#owed), this.#waiting.length);
    this.#owed = Math.min(this.#owed - count, 1);
    if (count <= 0) return;
    const length = this.#values.length;
    for (const value of this.#waiting.splice(0, count)) {
      this.#values[this.#pen] = value;
      this.#pen = (this.#pen + 1) % length;
    }
    for (let i = 0; i < CLEARED_S * this.#rate; i += 1) this.#values[(this.#pen + i) % length] = null;
    this.#follow();
    this.#plot?.setData([this.#places, this.#values]);
  }

  /** Moves the range gently towards what is on the strip: the trace stays in sight when its baseline wanders. */
  #follow(): void {
    const seen = this.#values.filter((value) => value !== null).sort((a, b) => a - b);
    const low = seen[Math.floor(seen.length * 0.005)] ?? 0;
    const high = seen[Math.ceil(seen.length * 0.995) - 1] ?? 0;
    const middle = (low + high) / 2;
    const half = Math.max(LEAST_UV, (high - low) * 1.3) / 2;
    const ease = (from: number, to: number): number => from + (to - from) * 0.12;
    this.#range = [ease(this.#range[0], middle - half), ease(this.#range[1], middle + half)];
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width > 0 && height > 0) this.#plot?.setSize({ width, height });
  }

  #options(): uPlot.Options {
    const style = getComputedStyle(this.element);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    return {
      width: Math.max(1, this.element.clientWidth),
      height: Math.max(1, this.element.clientHeight),
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false, range: () => [0, WIDTH_S] }, y: { range: () => this.#range } },
      series: [{}, { stroke: colour('--trace'), width: 1.75, points: { show: false }, spanGaps: false }],
      hooks: { drawClear: [(plot) => paper(plot, colour('--grid'), colour('--grid-strong'))] },
    };
  }
}

/** The ruling of ECG paper in time: a line every 0.04 s would be too fine for a phone, so 0.2 s, stronger every second. */
function paper(plot: uPlot, fine: string, strong: string): void {
  const { ctx, bbox } = plot;
  const step = (bbox.width / WIDTH_S) * 0.2;
  const line = (x0: number, y0: number, x1: number, y1: number, bold: boolean): void => {
    ctx.strokeStyle = bold ? strong : fine;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  };
  ctx.save();
  for (const bold of [false, true]) {
    for (let i = 0; i * step <= bbox.width; i += 1) {
      if ((i % 5 === 0) === bold) line(bbox.left + i * step, bbox.top, bbox.left + i * step, bbox.top + bbox.height, bold);
    }
    for (let i = 0; i * step <= bbox.height; i += 1) {
      if ((i % 5 === 0) === bold) line(bbox.left, bbox.top + i * step, bbox.left + bbox.width, bbox.top + i * step, bold);
    }
  }
  ctx.restore();
}
