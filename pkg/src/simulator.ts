/** Virtual devices: the shape of `navigator.bluetooth`, the bytes of real straps. */
import { guarded, invalid } from './error.js';
import { given, settings } from './options.js';
import { tools } from './tools.js';
import { VirtualDevice } from './simulator/gatt.js';
import { canonicalUuid } from './simulator/uuid.js';
import type { VirtualStrapCore } from './wasm-types.js';

export { load } from './load.js';
export { PqrstError } from './error.js';

/** Virtual devices, by the bytes they speak: straps, recorders, badges and boards with ECG, heart rate, home tests. */
export const VIRTUAL_DEVICES = [
  'polar-h10',
  'heart-rate',
  'movesense',
  'viatom',
  'healthypi',
  'card10',
  'uart',
  'zephyr',
  'blood-pressure',
  'pulse-oximeter',
  'thermometer',
  'glucose',
  'weight-scale',
] as const;

/** Settings of a {@link VirtualStrap}. */
export interface VirtualStrapOptions {
  /** Whose bytes it speaks: a Polar H10 with ECG, a plain heart-rate sensor, or a rarer device. */
  device: (typeof VIRTUAL_DEVICES)[number];
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
  /** Stretches of the recording, in seconds from and to, in which the acceleration of a Polar H10 tells of movement; none by default. */
  moves?: [fromS: number, toS: number][];
}

/** Settings of {@link synth}. */
export interface SynthOptions {
  samplingRateHz: number;
  /** At most 2^26 samples, and a day. */
  durationS: number;
  /** 15 to 240. */
  heartRateBpm: number;
  /** The same seed gives the same samples. */
  seed: number;
  /** White noise on it, root mean square in microvolts; none by default. */
  noiseUv?: number;
}

/**
 * A synthetic ECG in microvolts. Loads the simulator's wasm module when called for the first time.
 * @throws {PqrstError} when an option is out of range.
 */
export async function synth(options: SynthOptions): Promise<Float32Array> {
  const { synth: made } = await tools();
  return guarded(() => made(given(settings(options))));
}

/** Names that begin as those of the real devices do. */
const NAMES: Partial<Record<VirtualStrapOptions['device'], string>> = {
  'polar-h10': 'Polar H10 (virtual)',
  'heart-rate': 'Heart rate (virtual)',
  movesense: 'Movesense (virtual)',
};

/** A virtual home test shows the time of the room, as a real one that was set does. */
function wallClock(): number[] {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
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
  #core: Promise<VirtualStrapCore> | undefined;
  readonly #options: VirtualStrapOptions;
  #device: VirtualDevice | undefined;
  readonly #name: string;

  /** @throws {PqrstError} `argument.invalid` when an option is missing or out of range. */
  constructor(options: VirtualStrapOptions) {
    const { device, samplesUv, samplingRateHz } = settings(options);
    if (!VIRTUAL_DEVICES.includes(device)) throw invalid(`device is ${VIRTUAL_DEVICES.join(', ')}`);
    if (!(samplesUv instanceof Float32Array)) throw invalid('samplesUv is a Float32Array');
    if (typeof samplingRateHz !== 'number' || !(samplingRateHz >= 50 && samplingRateHz <= 2000)) throw invalid('samplingRateHz is between 50 and 2000');
    this.#options = options;
    this.#name = NAMES[device] ?? `${device} (virtual)`;
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
    this.#core ??= tools().then(({ VirtualStrapCore }) => guarded(() => new VirtualStrapCore(given({ ...this.#options, clock: wallClock() }))));
    const core = await this.#core;
    const { filters, optionalServices = [], acceptAllDevices = false } = options;
    if (acceptAllDevices === (filters !== undefined) || filters?.length === 0) {
      throw new TypeError('Either filters or acceptAllDevices must be given.');
    }
    const offered = new Set(core.services());
    const fits = (filter: NonNullable<RequestOptions['filters']>[number]): boolean =>
      (filter.services ?? []).every((service) => offered.has(canonicalUuid(service))) &&
      (filter.name ?? this.#name) === this.#name &&
      this.#name.startsWith(filter.namePrefix ?? '');
    if (filters && !filters.some(fits)) throw new DOMException('No device fits the filters.', 'NotFoundError');
    const declared = [...(filters ?? []).flatMap((filter) => filter.services ?? []), ...optionalServices];
    this.#device?.gatt.disconnect();
    this.#device = new VirtualDevice(this.#name, core, new Set(declared.map(canonicalUuid)));
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
