import { devices } from './devices.js';
import type { DevicesExports, RemoteDeviceCore, SessionCore } from './wasm-types.js';

/** What a page knows about rarer devices, and no device can tell. */
export interface DeviceSettings {
  /** The patient's number on a device that several people share. Readings of others are left out, and so is every reading that carries a number while none is chosen here. */
  user?: number;
  /** Passes on what a device remembers from before this test. Off by default. */
  history?: boolean;
  /** How a self-made board behind a UART service writes its samples. */
  board?: BoardFormat;
  /** Sampling rate asked of a Movesense sensor, 250 by default. */
  movesenseRateHz?: 125 | 128 | 200 | 250 | 256 | 500 | 512;
  /** Asks a Movesense sensor for whole microvolts (firmware 2.3 and newer): half the radio time. */
  movesenseMicrovolts?: boolean;
}

/** How a self-made board writes its samples: lines of text, or numbers of a kind when `word` is given. */
export interface BoardFormat {
  /** Samples a second. */
  samplingRateHz: number;
  /** Microvolts at the electrodes of one count. */
  microvolts: number;
  /** Count at zero volts, 0 by default. */
  zero?: number;
  /** Kind of number of a board that sends bytes; absent for text. Little-endian unless it says otherwise. */
  word?: 'u8' | 'i16' | 'i16Big' | 'u16' | 'u16Big' | 'i24Big' | 'i32' | 'f32';
  /** Column of the line that holds the ECG, from 0. */
  column?: number;
  /** Bytes at the head of every packet that are no samples. */
  skip?: number;
  /** Line or value of text that says that an electrode is off, such as `!`. */
  leadOff?: string;
  /** Number that says the same of a board that sends bytes. */
  leadOffCount?: number;
}

/** The session's way to the module of rarer devices: keeps the order of inputs, and loads the module with the first one. */
export class Remote {
  readonly #settings: DeviceSettings;
  readonly #loaded: () => void;
  readonly #devices = new Map<number, RemoteDeviceCore>();
  readonly #waiting: Uint8Array[] = [];
  #module: DevicesExports | 'loading' | 'failed' | undefined;

  /** @param loaded is called when the module has come, or will not. */
  constructor(settings: DeviceSettings, loaded: () => void) {
    this.#settings = settings;
    this.#loaded = loaded;
  }

  /** Hands over what waits: each input begins with the number of its device. */
  run(core: SessionCore): void {
    for (let next = core.nextRemote(); next; next = core.nextRemote()) this.#waiting.push(next);
    if (this.#waiting.length === 0) return;
    if (this.#module === undefined) this.#load();
    if (this.#module === 'loading' || this.#module === undefined) return;
    const module = this.#module;
    for (const input of this.#waiting.splice(0)) {
      const link = input[0] ?? 0;
      core.remoteSaid(link, module === 'failed' ? undefined : this.#device(module, core, link).handle(input.subarray(1)));
    }
  }

  /** Lets memory go. */
  free(): void {
    this.#devices.forEach((device) => device.free());
    this.#devices.clear();
  }

  #device(module: DevicesExports, core: SessionCore, link: number): RemoteDeviceCore {
    const known = this.#devices.get(link);
    if (known) return known;
    const made = new module.RemoteDeviceCore({ ...this.#settings, clock: wallClock() }, core.isForeign(link));
    this.#devices.set(link, made);
    return made;
  }

  #load(): void {
    this.#module = 'loading';
    devices()
      .then((module) => (this.#module = module))
      .catch(() => (this.#module = 'failed'))
      .finally(this.#loaded);
  }
}

/** The room's clock: it tells a fresh reading from an old one, and goes nowhere else. */
function wallClock(): object {
  const now = new Date();
  return {
    year: now.getFullYear(),
    month: now.getMonth() + 1,
    day: now.getDate(),
    hour: now.getHours(),
    minute: now.getMinutes(),
    second: now.getSeconds(),
    atMs: performance.now(),
  };
}
