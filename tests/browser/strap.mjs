// A Polar H10 emulated below Chromium's real Web Bluetooth stack, over the DevTools protocol.
//
// The protocol cannot push a notification. But a page's `readValue()` on a characteristic fires the same
// `characteristicvaluechanged` with the bytes that this file supplies. So the harness, not the product, keeps hold of the
// device (it wraps `requestDevice` before any page script runs) and reads whatever the product has subscribed to.
import {
  CHARACTERISTIC, CLOCK_START_NS, FEATURES, SAMPLES_PER_FRAME, SERVICE, TRUE_RATE_HZ,
  answerControl, encodeEcgFrame, encodeHeartRate,
} from './polar.mjs';
import { sampleAt } from './recording.mjs';

const base64 = bytes => Buffer.from(bytes).toString('base64');
const text = value => new TextEncoder().encode(value);
const ADDRESS = '09:09:09:09:09:09';

// service -> characteristic -> [properties, value when the product reads it]
const TABLE = [
  [SERVICE.heartRate, CHARACTERISTIC.heartRate, { read: true, notify: true }, null],
  [SERVICE.heartRate, CHARACTERISTIC.bodyLocation, { read: true }, Uint8Array.of(1)],
  [SERVICE.heartRate, CHARACTERISTIC.heartRateControl, { write: true }, null],
  [SERVICE.battery, CHARACTERISTIC.batteryLevel, { read: true, notify: true }, Uint8Array.of(83)],
  [SERVICE.deviceInformation, CHARACTERISTIC.maker, { read: true }, text('Polar Electro Oy')],
  [SERVICE.deviceInformation, CHARACTERISTIC.model, { read: true }, text('H10\0')],
  [SERVICE.deviceInformation, CHARACTERISTIC.firmware, { read: true }, text('5.0.0')],
  [SERVICE.pmd, CHARACTERISTIC.pmdControl, { read: true, write: true, indicate: true }, FEATURES],
  [SERVICE.pmd, CHARACTERISTIC.pmdData, { read: true, notify: true }, null],
];

/** The name that must never leave the patient's browser: it carries the strap's serial number. */
export const CANARY_NAME = 'Polar H10 1A2B3C4D';

export class EmulatedStrap {
  /**
   * @param recording what it carries (see recording.mjs); sample k is the recording at k / TRUE_RATE_HZ seconds
   * @param falseBpm the rate that its own heart-rate characteristic states, to be different from the recording's
   * @param contact true or false as old firmware states it, null as new firmware keeps silent
   */
  constructor({ recording, falseBpm = 171, contact = true }) {
    Object.assign(this, { recording, falseBpm, contact });
    this.streaming = false;
    this.connected = false;
    this.nextSample = 0;
    this.framesSent = [];           // {firstSample, afterReconnect}
    this.framesLost = 0;            // sampled while nobody was connected or between start and the first whole frame
    this.subscribed = new Set();
    this.written = [];              // {uuid, bytes}: what the product wrote
    this.reachable = true;
    this.prompts = 0;
    this.errors = [];
    this.services = [];
    this.ids = new Map();           // characteristicId -> {service, uuid, value}
    this.supplies = new Map();      // uuid -> bytes that the next read of the harness gets
    this.work = Promise.resolve();  // one GATT operation of the harness at a time
  }

  /** Before any page script: the context's pages hand the chosen device to the harness. */
  static async prepare(context) {
    await context.addInitScript(() => {
      if (!navigator.bluetooth) return;
      const ask = navigator.bluetooth.requestDevice.bind(navigator.bluetooth);
      navigator.bluetooth.requestDevice = async options => (window.__strapDevice = await ask(options));
    });
  }

  async attach(browser, page) {
    this.page = page;
    this.ble = await browser.newBrowserCDPSession();
    this.chooser = await page.context().newCDPSession(page);
    this.ble.on('BluetoothEmulation.gattOperationReceived', event => this.#guard(this.#onGatt(event)));
    this.ble.on('BluetoothEmulation.characteristicOperationReceived', event => this.#guard(this.#onCharacteristic(event)));
    await this.ble.send('BluetoothEmulation.enable', { state: 'powered-on', leSupported: true });
    await this.ble.send('BluetoothEmulation.simulatePreconnectedPeripheral',
      { address: ADDRESS, name: CANARY_NAME, manufacturerData: [], knownServiceUuids: Object.values(SERVICE) });
    const answered = new Set();     // the event fires twice; a second answer to one chooser crashes Chromium
    this.chooser.on('DeviceAccess.deviceRequestPrompted', event => {
      if (answered.has(event.id) || event.devices.length === 0) return;
      answered.add(event.id);
      this.prompts += 1;
      this.#guard(this.chooser.send('DeviceAccess.selectPrompt', { id: event.id, deviceId: event.devices[0].id }));
    });
    await this.chooser.send('DeviceAccess.enable');
    this.startedAt = performance.now();
    this.ticking = setInterval(() => this.#tick(), 40);
  }

  async detach() {
    clearInterval(this.ticking);
    await this.work.catch(() => {});
    await this.ble.send('BluetoothEmulation.disable').catch(() => {});
    await this.ble.detach().catch(() => {});
    await this.chooser.detach().catch(() => {});
  }

  /** The strap's uptime in seconds; its sampler runs on this clock at TRUE_RATE_HZ. */
  get uptimeS() {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** The radio link breaks, and no connection succeeds until `comeBack()`. What is sampled meanwhile is lost. */
  async walkAway() {
    this.reachable = false;
    this.connected = false;
    this.streaming = false;
    this.subscribed.clear();
    await this.ble.send('BluetoothEmulation.simulateGATTDisconnection', { address: ADDRESS });
  }

  comeBack() {
    this.reachable = true;
  }

  /** Stretches of the recording (seconds in it) that went out without a hole. */
  sentStretches() {
    const stretches = [];
    for (const { firstSample } of this.framesSent) {
      const last = stretches.at(-1);
      if (last && last.end === firstSample) last.end += SAMPLES_PER_FRAME;
      else stretches.push({ start: firstSample, end: firstSample + SAMPLES_PER_FRAME });
    }
    return stretches.map(({ start, end }) => ({ startS: start / TRUE_RATE_HZ, endS: end / TRUE_RATE_HZ }));
  }

  // The two verbs of the control point (see answerControl).
  start() {
    this.streaming = true;
    this.nextSample = Math.ceil(this.uptimeS * TRUE_RATE_HZ);
    this.nextHeartRateS = this.uptimeS + 0.3;
  }

  stop() {
    this.streaming = false;
  }

  #guard(promise) {
    promise.catch(error => this.errors.push(String(error)));
  }

  async #onGatt({ type }) {
    if (type === 'discovery') await this.#buildTable();
    if (type === 'connection') this.connected = this.reachable;
    if (type === 'disconnection') this.#forgetLink();
    const code = type === 'connection' && !this.reachable ? 0x3e : 0;            // 0x3E: connection failed to be established
    await this.ble.send('BluetoothEmulation.simulateGATTOperationResponse', { address: ADDRESS, type, code });
  }

  #forgetLink() {
    this.connected = false;
    this.streaming = false;
    this.subscribed.clear();
  }

  /** Chromium forgets the table when the link goes: each discovery gets a new one, and what is left of the old goes first. */
  async #buildTable() {
    for (const serviceId of this.services) {
      await this.ble.send('BluetoothEmulation.removeService', { serviceId }).catch(() => {});
    }
    this.ids.clear();
    const services = new Map();
    for (const [service, uuid, properties, value] of TABLE) {
      if (!services.has(service)) {
        const { serviceId } = await this.ble.send('BluetoothEmulation.addService', { address: ADDRESS, serviceUuid: service });
        services.set(service, serviceId);
      }
      const { characteristicId } = await this.ble.send('BluetoothEmulation.addCharacteristic',
        { serviceId: services.get(service), characteristicUuid: uuid, properties });
      if (properties.notify || properties.indicate) {             // without it subscribing fails
        await this.ble.send('BluetoothEmulation.addDescriptor', { characteristicId, descriptorUuid: '00002902-0000-1000-8000-00805f9b34fb' });
      }
      this.ids.set(characteristicId, { service, uuid, value });
    }
    this.services = [...services.values()];
  }

  async #onCharacteristic({ characteristicId, type, data }) {
    const { uuid, value } = this.ids.get(characteristicId);
    const answer = { characteristicId, type, code: 0 };
    if (type === 'read') {
      const supplied = this.supplies.get(uuid);
      this.supplies.delete(uuid);
      answer.data = base64(supplied ?? value ?? []);
    }
    await this.ble.send('BluetoothEmulation.simulateCharacteristicOperationResponse', answer);
    if (type.startsWith('subscribe')) this.subscribed.add(uuid);
    if (type.startsWith('unsubscribe')) this.subscribed.delete(uuid);
    if (type === 'write') {
      const bytes = Uint8Array.from(Buffer.from(data ?? '', 'base64'));
      this.written.push({ uuid, bytes });
      if (uuid === CHARACTERISTIC.pmdControl) this.#notify(SERVICE.pmd, uuid, answerControl(this, bytes));
    }
  }

  /** Delivers bytes to whatever listens on a characteristic; nothing is sent to who has not subscribed. */
  #notify(service, uuid, bytes) {
    this.work = this.work.then(async () => {
      if (!this.connected || !this.subscribed.has(uuid)) return;
      this.supplies.set(uuid, bytes);
      const problem = await this.page.evaluate(async ([service, uuid]) => {
        if (!window.__strapDevice.gatt.connected) return 'closed';
        try {
          const found = await window.__strapDevice.gatt.getPrimaryService(service);
          await (await found.getCharacteristic(uuid)).readValue();
          return null;
        } catch (error) {
          return String(error);
        }
      }, [service, uuid]);
      this.supplies.delete(uuid);
      if (problem === 'closed') this.#forgetLink();                // the page closed the link: no event tells the strap
      else if (problem && this.connected) this.errors.push(`notify ${uuid}: ${problem}`);
    }).catch(error => {
      if (!this.page.isClosed()) this.errors.push(String(error));
    });
  }

  #tick() {
    if (!this.connected) return;
    if (this.subscribed.has(CHARACTERISTIC.heartRate) && this.uptimeS >= (this.nextHeartRateS ?? 0)) {
      this.nextHeartRateS = this.uptimeS + 1;
      this.#notify(SERVICE.heartRate, CHARACTERISTIC.heartRate, encodeHeartRate(this.falseBpm, this.contact));
    }
    while (this.streaming && this.uptimeS * TRUE_RATE_HZ >= this.nextSample + SAMPLES_PER_FRAME) this.#sendFrame();
  }

  #sendFrame() {
    const first = this.nextSample;
    this.nextSample += SAMPLES_PER_FRAME;
    if (!this.subscribed.has(CHARACTERISTIC.pmdData)) return;
    const samples = Array.from({ length: SAMPLES_PER_FRAME }, (_, i) =>
      sampleAt(this.recording, (first + i) / TRUE_RATE_HZ, TRUE_RATE_HZ));
    const stampNs = CLOCK_START_NS + BigInt(Math.round(((first + SAMPLES_PER_FRAME - 1) / TRUE_RATE_HZ) * 1e9));
    this.framesSent.push({ firstSample: first });
    this.#notify(SERVICE.pmd, CHARACTERISTIC.pmdData, encodeEcgFrame(stampNs, samples));
  }
}
