/** How long a live value is shown without a newer one. */
export const EXPIRES_MS = 5000;

/** The heart rate of this moment: whole beats a minute, or nothing when it is old, out of range, or read from a signal that cannot be read. */
export class LiveRate {
  #bpm: number | null = null;
  #ecg = false;
  #heardMs = -Infinity;
  #unreadableMs = -Infinity;

  /** ECG flows. What a strap itself says of the rate counts no more: it comes from the same electrodes, unjudged. */
  ecg(): void {
    if (!this.#ecg) this.#bpm = null;
    this.#ecg = true;
  }

  /** A rate came in, or the news that there is none. */
  heard(bpm: number | null, source: 'ecg' | 'device', nowMs: number): void {
    if (this.#ecg && source === 'device') return;
    const whole = Math.round(bpm ?? 0);
    this.#bpm = whole >= 1 && whole <= 300 ? whole : null;
    this.#heardMs = nowMs;
  }

  /** A stretch of the ECG was judged. */
  judged(usable: boolean, nowMs: number): void {
    this.#unreadableMs = usable ? -Infinity : nowMs;
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#bpm = null;
  }

  /** What may be shown at `nowMs`. */
  at(nowMs: number): number | null {
    // Peaks of noise have a rate, too.
    const old = nowMs - this.#heardMs >= EXPIRES_MS || nowMs - this.#unreadableMs < EXPIRES_MS;
    return old ? null : this.#bpm;
  }
}
