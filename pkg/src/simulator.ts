/** Virtual devices: the shape of `navigator.bluetooth`, the bytes of real straps. */
import { guarded } from './error.js';
import { given } from './options.js';
import { wasm } from './load.js';
import { VirtualDevice } from './simulator/gatt.js';
import { canonicalUuid } from './simulator/uuid.js';
import type { VirtualStrapCore } from './wasm-types.js';

export { load } from './load.js';
export { PqrstError } from './error.js';

/** Settings of a {@link VirtualStrap}. */
export interface VirtualStrapOptions {
  /** Whose bytes it speaks: a Polar H10 with ECG, or a plain heart-rate sensor. */
  device: 'polar-h10' | 'heart-rate';
  /** The ECG it sends, in microvolts. */
  samplesUv: Float32Array;
  samplingRateHz: number;
  /** Share of frames that are lost, 0 to 1; 0 by default. */
  lossRate?: number;
  /** Random delay of frames in milliseconds; 0 by default. */
  jitterMs?: number;
  /** How much faster the device's clock runs than this machine's, in parts per million; 0 by default. */
  driftPpm?: number;
  /** Makes loss and jitter repeatable. */
  seed?: number;
}

/** Settings of {@link synth}. */
export interface SynthOptions {
  samplingRateHz: number;
  durationS: number;
  heartRateBpm: number;
  /** The same seed gives the same samples. */
  seed: number;
  /** White noise on it, root mean square in microvolts; none by default. */
  noiseUv?: number;
}

/** A synthetic ECG in microvolts. */
export function synth(options: SynthOptions): Float32Array {
  return guarded(() => wasm().synth(given(options)));
}

/** What a page hands to `requestDevice`. */
interface RequestOptions {
  filters?: { services?: (string | number)[]; name?: string; namePrefix?: string }[];
  optionalServices?: (string | number)[];
  acceptAllDevices?: boolean;
}

/**
 * A strap that is not there, of `navigator.bluetooth`'s shape: hand it to `Session.connect({bluetooth})`.
 * Reports made with it are marked as simulated. Services, characteristics, access rights and errors behave as in a browser.
 */
export class VirtualStrap {
  /** Always true; a session reads it. */
  readonly simulated = true;
  #core: VirtualStrapCore;
  #device: VirtualDevice | undefined;
  readonly #name: string;

  /** @throws {PqrstError} `wasm.notLoaded` before `load()`, or when an option is out of range. */
  constructor(options: VirtualStrapOptions) {
    this.#core = guarded(() => new (wasm().VirtualStrapCore)(given(options)));
    this.#name = options.device === 'polar-h10' ? 'Polar H10 (virtual)' : 'Heart rate (virtual)';
  }

  /** There is always an adapter. */
  getAvailability(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /**
   * Gives the device at once, without a chooser.
   * @throws {DOMException} NotFoundError when the filters do not fit it; TypeError when they are not well formed.
   */
  async requestDevice(options: RequestOptions = {}): Promise<VirtualDevice> {
    await Promise.resolve();
    const { filters, optionalServices = [], acceptAllDevices = false } = options;
    if (acceptAllDevices === (filters !== undefined) || filters?.length === 0) {
      throw new TypeError('Either filters or acceptAllDevices must be given.');
    }
    const offered = new Set(this.#core.services());
    const fits = (filter: NonNullable<RequestOptions['filters']>[number]): boolean =>
      (filter.services ?? []).every((service) => offered.has(canonicalUuid(service))) &&
      (filter.name ?? this.#name) === this.#name &&
      this.#name.startsWith(filter.namePrefix ?? '');
    if (filters && !filters.some(fits)) throw new DOMException('No device fits the filters.', 'NotFoundError');
    const declared = [...(filters ?? []).flatMap((filter) => filter.services ?? []), ...optionalServices];
    this.#device?.gatt.disconnect();
    this.#device = new VirtualDevice(this.#name, this.#core, new Set(declared.map(canonicalUuid)));
    return this.#device;
  }

  /** For demonstrations: drops the link and stays out of reach until {@link reconnectable}. */
  disconnect(): void {
    this.#device?.gatt.setReachable(false);
  }

  /** For demonstrations: comes back into reach. */
  reconnectable(): void {
    this.#device?.gatt.setReachable(true);
  }
}
