import type { BluetoothLike } from 'pqrst';

/** Remembers the chosen strap, so that a repeat connects to it without asking again. */
export class RememberedBluetooth implements BluetoothLike {
  readonly simulated: boolean;
  #real: BluetoothLike;
  #device: unknown;

  constructor(real: BluetoothLike) {
    this.#real = real;
    this.simulated = real.simulated === true;
  }

  getAvailability(): Promise<boolean> {
    return this.#real.getAvailability?.() ?? Promise.resolve(true);
  }

  async requestDevice(options?: unknown): Promise<unknown> {
    this.#device ??= await this.#real.requestDevice(options);
    return this.#device;
  }

  /** Asks again next time: the remembered one did not work. */
  forget(): void {
    this.#device = undefined;
  }
}
