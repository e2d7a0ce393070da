import { asPqrstError, guarded, PqrstError } from './error.js';
import type { SessionEventDetails, SessionEventMap, SessionEventName, SessionState } from './events.js';
import { narrowed, type BluetoothLike, type DeviceFamily } from './bluetooth.js';
import { resultsModule, wasm } from './load.js';
import { bytes as bytesOf, given, number, optionalNumber, optionalText, samples, settings, text, texts } from './options.js';
import type { RedFlagLimits } from './red-flags.js';
import { Remote, type DeviceSettings } from './remote.js';
import type { Report } from './report.js';
import type { Context, TestKind } from './value.js';
import type { CoreOptions, SessionCore } from './wasm-types.js';

/** The page, where there is one. */
const page = globalThis as { addEventListener?: Window['addEventListener']; removeEventListener?: Window['removeEventListener'] };

/** How often the core is told the time, so that values expire and timeouts work without any data coming in. */
const TICK_MS = 250;

/** States after which nothing more happens by itself. */
const ENDED: readonly SessionState[] = ['finished', 'failed'];

/** Settings of a {@link Session}. */
export interface SessionOptions {
  /** What to record: 30 s at rest, 5 min at rest, or until `finish()`. */
  test: Exclude<TestKind, 'recording'>;
  /** Offers one family of devices only: straps that send their ECG, or heart rate alone. Any supported device by default. */
  device?: DeviceFamily;
  /** What the patient answered; travels coded in the summary. */
  context?: Partial<Context>;
  /** Marks the report as simulated. A simulated transport sets it by itself. */
  simulated?: boolean;
  /** What is known about rarer devices: boards, shared instruments, sensors with a choice of rates. */
  devices?: DeviceSettings;
  /**
   * Asks a Polar strap for its acceleration beside the ECG, false by default: movement is told at once (`motion`), explains
   * windows that are not usable, and has its share in the report. It closes no window by itself.
   */
  motion?: boolean;
  /** How often the test was repeated before, 0 by default: after two repeats no further one is advised. */
  retakes?: number;
  /** The clinic's own limits of red flags. */
  redFlags?: RedFlagLimits;
}

/** A notification from a transport of your own. */
export interface Notification {
  /** Lower-case 128-bit UUID of the service. */
  service: string;
  /** Lower-case 128-bit UUID of the characteristic. */
  characteristic: string;
  /** The bytes as received. A DataView is read within its own bounds. */
  bytes: Uint8Array | DataView | ArrayBuffer;
  /** When it arrived, on the clock of `performance.now()`, in milliseconds. */
  receivedMs: number;
  /** Tells several devices apart; any string that names nobody. */
  source?: string;
}

/**
 * One home test: contact, settling, recording, report.
 *
 * Listen with `addEventListener`; the events are `CustomEvent`s (see {@link SessionEventDetails}). They are dispatched
 * in order, one after the other, and never while the core is working, so every method may be called in every handler.
 */
export class Session extends EventTarget {
  #core: SessionCore | undefined;
  #options: CoreOptions;
  readonly #device: DeviceFamily | undefined;
  #untouched = true;
  #calls = 0;
  #dispatching = false;
  #state: SessionState = 'idle';
  #report: Report | undefined;
  readonly #remote: Remote;
  readonly #redFlags: RedFlagLimits | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #onPageHide = (): void => void this.disconnect().catch(() => undefined);

  /** @throws {PqrstError} `wasm.notLoaded` before `load()`, or when an option is not known. */
  constructor(options: SessionOptions) {
    super();
    const { test, context, simulated, retakes, motion, device, devices, redFlags } = settings(options);
    this.#redFlags = redFlags && given(redFlags);
    // Now, and not when somebody has sat still for the report.
    guarded(() => resultsModule().checkRedFlags(this.#redFlags));
    this.#remote = new Remote(devices ?? {}, () => this.#drain());
    this.#options = given({ test, context: context && given(context), simulated, retakes, motion }) as CoreOptions;
    this.#device = device;
    this.#core = this.#newCore();
  }

  /** Where the session stands. */
  get state(): SessionState {
    return this.#state;
  }

  /**
   * Asks for a device and connects. Call it in a click: browsers open their chooser only then.
   * Resolves when the device streams; recording goes on from there by itself, and the link is taken up again when it drops.
   *
   * With `another` it asks for one more device beside those that are there, such as an oximeter beside a strap: the record is made
   * of the one that sends an ECG, and readings of all are kept.
   *
   * @throws {PqrstError} such as `bluetooth.unavailable`, `bluetooth.cancelled`, `transport.connectFailed`; another try is possible.
   */
  async connect({ bluetooth, another = false }: { bluetooth?: BluetoothLike; another?: boolean } = {}): Promise<void> {
    // Read late: an extension may supply it after the page has loaded.
    const transport = bluetooth ?? (globalThis.navigator as { bluetooth?: BluetoothLike } | undefined)?.bluetooth;
    if (!transport) throw new PqrstError('bluetooth.unavailable', 'This browser offers no Web Bluetooth.');
    this.#takeSimulation(transport);
    const core = this.#live();
    this.#untouched = false;
    this.#startTicking();
    // A strap that is never told to stop stays on until its battery is empty.
    page.addEventListener?.('pagehide', this.#onPageHide);
    try {
      await this.#within(() => core.connect(another ? transport : narrowed(transport, this.#device), another));
    } catch (thrown) {
      throw asPqrstError(thrown, 'bluetooth.failed');
    } finally {
      this.#drain();
    }
  }

  /** Stops the stream and lets the device go. What was recorded stays; `finish()` gives its report. */
  async disconnect(): Promise<void> {
    const core = this.#core;
    if (!core) return;
    try {
      await this.#within(() => core.disconnect());
    } catch (thrown) {
      throw asPqrstError(thrown, 'bluetooth.failed');
    } finally {
      this.#drain();
    }
  }

  /** Takes a notification from a transport of your own. It is decoded without a handshake; what the device must be told comes as `command` events. */
  pushNotification(notification: Notification): void {
    const { service, characteristic, bytes, receivedMs, source } = settings(notification, 'notification');
    this.#startTicking();
    this.#push((core) => core.pushNotification(
        text(service, 'service'),
        text(characteristic, 'characteristic'),
        bytesOf(bytes, 'bytes'),
        number(receivedMs, 'receivedMs'),
        optionalText(source, 'source'),
      ));
  }

  /**
   * Says that a transport of your own is linked to a device with these services (lower-case 128-bit UUIDs). What the
   * device must be told then comes as `command` events.
   */
  pushConnected(services: readonly string[], receivedMs: number, source?: string): void {
    this.#startTicking();
    this.#push((core) => core.pushConnected(
        texts(services, 'services'),
        number(receivedMs, 'receivedMs'),
        optionalText(source, 'source'),
      ));
  }

  /** Says that a transport of your own lost its device at `receivedMs` (clock of `performance.now()`). */
  pushDisconnected(receivedMs: number, source?: string): void {
    this.#push((core) => core.pushDisconnected(number(receivedMs, 'receivedMs'), optionalText(source, 'source')));
  }

  /**
   * Takes samples from any other source.
   * @param options `startS` is the place of the first sample in seconds; a hole before it is kept as a gap. Without it the samples follow on.
   */
  pushSamples(samplesUv: Float32Array, samplingRateHz: number, options: { startS?: number } = {}): void {
    this.#push((core) => core.pushSamples(
        samples(samplesUv, 'samplesUv'),
        number(samplingRateHz, 'samplingRateHz'),
        optionalNumber(settings(options).startS, 'startS'),
      ));
  }

  /** Ends the recording and gives its report, whatever was recorded. Later calls give the same report. */
  finish(): Report {
    if (this.#report) return this.#report;
    const core = this.#live();
    this.#report = this.#within(() => resultsModule().report(core.finish(), this.#redFlags));
    this.#stopTicking();
    this.#drain();
    return this.#report;
  }

  /** Lets device and memory go. No event follows. */
  dispose(): void {
    const core = this.#core;
    if (!core) return;
    this.#core = undefined;
    this.#stopTicking();
    page.removeEventListener?.('pagehide', this.#onPageHide);
    void this.#letGo(core);
  }

  override addEventListener<K extends SessionEventName>(
    type: K,
    listener: ((event: SessionEventMap[K]) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(type: string, listener: unknown, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  override removeEventListener<K extends SessionEventName>(
    type: K,
    listener: ((event: SessionEventMap[K]) => void) | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  override removeEventListener(type: string, listener: unknown, options?: boolean | EventListenerOptions): void {
    super.removeEventListener(type, listener as EventListener, options);
  }

  /** The device is told to stop while the core still stands; its memory goes when that is done or has failed. */
  async #letGo(core: SessionCore): Promise<void> {
    try {
      if (!this.#untouched) await this.#within(() => core.disconnect());
      core.free();
      this.#remote.free();
    } catch {
      // Nobody is left to tell, and the garbage collector frees what remains.
    }
  }

  #newCore(): SessionCore {
    // The core wakes us from inside an asynchronous step of its own: only after that step has returned may events go out.
    return guarded(() => new (wasm().SessionCore)(this.#options, () => queueMicrotask(() => this.#drain())));
  }

  /** A simulated transport marks the report, provided that nothing has been recorded yet. */
  #takeSimulation(transport: BluetoothLike): void {
    if (transport.simulated !== true || this.#options.simulated === true) return;
    this.#options = { ...this.#options, simulated: true };
    if (!this.#untouched || !this.#core) return;
    this.#core.free();
    this.#core = this.#newCore();
  }

  #live(): SessionCore {
    if (!this.#core) throw new PqrstError('session.disposed', 'This session has been disposed of.');
    return this.#core;
  }

  #push(call: (core: SessionCore) => void): void {
    const core = this.#live();
    this.#untouched = false;
    this.#within(() => call(core));
    this.#drain();
  }

  /** Runs a call into the core; while one is on the stack no event is dispatched. */
  #within<T>(call: () => T): T {
    this.#calls += 1;
    try {
      return guarded(call);
    } finally {
      this.#calls -= 1;
    }
  }

  /** Dispatches what waits. The outermost drain does all the work, so events keep their order even when a handler pushes more. */
  #drain(): void {
    if (this.#dispatching || this.#calls > 0) return;
    this.#dispatching = true;
    try {
      for (let events = this.#waiting(); events.length > 0; events = this.#waiting()) {
        for (const { type, detail } of events) {
          if (!this.#core) return;
          this.#dispatch(type, detail);
        }
      }
    } finally {
      this.#dispatching = false;
    }
  }

  #waiting(): { type: string; detail: object }[] {
    const core = this.#core;
    if (!core) return [];
    this.#within(() => this.#remote.run(core));
    return this.#within(() => core.drain());
  }

  #dispatch(type: string, detail: object): void {
    if (type === 'state') {
      this.#state = (detail as SessionEventDetails['state']).state;
      if (ENDED.includes(this.#state)) this.#stopTicking();
    }
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #startTicking(): void {
    if (this.#timer !== undefined || this.#report) return;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    // In Node a forgotten session must not keep the process alive.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #stopTicking(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const core = this.#core;
    if (!core) return;
    this.#within(() => core.tick(performance.now()));
    this.#drain();
  }
}
