/**
 * Keeps screen and page with the test while it runs: the screen does not go dark where the browser can see to that,
 * closing the page is asked about, and `left` is called when the page comes back after it was out of sight.
 */
export class Attention {
  #left: () => void;
  #lock: Promise<WakeLockSentinel | undefined> | undefined;
  #over = false;

  constructor(left: () => void) {
    this.#left = left;
    document.addEventListener('visibilitychange', this.#turn);
    addEventListener('beforeunload', this.#ask);
    this.#hold();
  }

  /** Ends it: the screen may go dark again. */
  end(): void {
    this.#over = true;
    document.removeEventListener('visibilitychange', this.#turn);
    removeEventListener('beforeunload', this.#ask);
    void this.#lock?.then((lock) => lock?.release());
  }

  #hold(): void {
    // Refused on a low battery, and missing in some browsers: the test goes on without.
    this.#lock = navigator.wakeLock?.request('screen').catch(() => undefined);
  }

  readonly #turn = (): void => {
    if (this.#over || document.visibilityState !== 'visible') return;
    // The browser lets the lock go whenever the page is hidden.
    this.#hold();
    this.#left();
  };

  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();
}
