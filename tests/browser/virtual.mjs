// Any virtual device of the package, emulated below Chromium's Web Bluetooth (see peripheral.mjs).
import { tools } from '../../pkg/dist/tools.js';
import { EmulatedPeripheral } from './peripheral.mjs';

/** The name that must never leave the page. */
export const CANARY_NAME = 'CANARY 1A2B3C4D';

export class EmulatedVirtual extends EmulatedPeripheral {
  #core;

  static async of({ device, samplesUv, samplingRateHz }) {
    const { VirtualStrapCore } = await tools();
    const now = new Date();
    const clock = [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
    return new EmulatedVirtual(new VirtualStrapCore({ device, samplesUv, samplingRateHz, clock }));
  }

  constructor(core) {
    const rows = core.services().flatMap(service => core.characteristics(service).map(({ uuid, properties }) => {
      const has = name => properties.includes(name);
      return [service, uuid, { read: true, write: has('write'), notify: has('notify'), indicate: has('indicate') }];
    }));
    super({ name: CANARY_NAME, table: rows });
    this.#core = core;
  }

  linked() {
    this.#core.connect(performance.now());
  }

  unlinked() {
    this.#core.disconnect(performance.now());
  }

  read(service, uuid) {
    return this.#core.read(service, uuid);
  }

  subscribes(service, uuid) {
    this.#core.subscribe(service, uuid);
  }

  wrote(service, uuid, bytes) {
    this.#core.write(service, uuid, bytes);
    this.tick();
  }

  tick() {
    for (const { service, characteristic, bytes } of this.#core.poll(performance.now())) this.notify(service, characteristic, bytes);
  }
}
