// An app around the page that carries bytes, as docs/INTEGRATION.md has it, with a virtual device at its other end.
import fs from 'node:fs';
import { synth, VirtualStrap } from '../../pkg/dist/simulator.js';
import { tools } from '../../pkg/dist/tools.js';

/** The bridge that the documentation shows, as it stands there. */
export async function documentedBridge() {
  const page = fs.readFileSync(new URL('../../docs/INTEGRATION.md', import.meta.url), 'utf8');
  const [, code] = page.match(/```js\n(export function bridge[\s\S]*?)```/);
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).bridge;
}

export class Shell {
  #device;
  #services;
  #reading = false;
  linked = false;

  static async of(device) {
    const samplesUv = await synth({ samplingRateHz: 250, durationS: 60, heartRateBpm: 70, seed: 5 });
    const strap = new VirtualStrap({ device, samplesUv, samplingRateHz: 250 });
    const { VirtualStrapCore } = await tools();
    const services = new VirtualStrapCore({ device, samplesUv, samplingRateHz: 250 }).services();
    const shell = new Shell();
    shell.#device = await strap.requestDevice({ acceptAllDevices: true, optionalServices: services });
    shell.#services = services;
    return shell;
  }

  async connect() {
    await this.#device.gatt.connect();
    this.linked = true;
    this.onConnected(this.#services);
  }

  async lose() {
    await this.disconnect();
    this.onDisconnected();
  }

  async disconnect() {
    this.linked = false;
    this.#device.gatt.disconnect();
  }

  async subscribe(service, characteristic) {
    const found = await this.#find(service, characteristic);
    found.addEventListener('characteristicvaluechanged', () => {
      if (this.#reading) return; // what is read comes back by itself
      const { value } = found;
      this.onValue(service, characteristic, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    });
    await found.startNotifications();
  }

  async read(service, characteristic) {
    const found = await this.#find(service, characteristic);
    this.#reading = true;
    try {
      return (await found.readValue()).buffer;
    } finally {
      this.#reading = false;
    }
  }

  async write(service, characteristic, bytes) {
    await (await this.#find(service, characteristic)).writeValueWithResponse(bytes);
  }

  async #find(service, characteristic) {
    return (await this.#device.gatt.getPrimaryService(service)).getCharacteristic(characteristic);
  }
}
