// A Bluetooth peripheral emulated below Chromium's real Web Bluetooth stack, over the DevTools protocol.
//
// The protocol cannot push a notification. But a page's `readValue()` on a characteristic fires the same
// `characteristicvaluechanged` with the bytes that this file supplies. So the harness, not the product, keeps hold of the
// device (it wraps `requestDevice` before any page script runs) and reads whatever the product has subscribed to.
const base64 = bytes => Buffer.from(bytes).toString('base64');
const ADDRESS = '09:09:09:09:09:09';

/** What it says and does is left to the classes made of it: `read`, `wrote`, `subscribes`, `linked`, `unlinked`, `tick`. */
export class EmulatedPeripheral {
  /**
   * @param name by which it advertises itself
   * @param table its characteristics: [service, characteristic, properties]
   */
  constructor({ name, table }) {
    Object.assign(this, { name, table });
    this.connected = false;
    this.subscribed = new Set();
    this.reachable = true;
    this.written = [];              // {uuid, bytes}: what the product wrote
    this.prompts = 0;
    this.errors = [];
    this.services = [];
    this.ids = new Map();           // characteristicId -> {service, uuid}
    this.supplies = new Map();      // uuid -> bytes that the next read of the harness gets
    this.work = Promise.resolve();  // one GATT operation of the harness at a time
  }

  // What a device does; nothing by default.
  read() {
    return [];
  }

  wrote() {}

  subscribes() {}

  linked() {}

  unlinked() {}

  tick() {}

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
      { address: ADDRESS, name: this.name, manufacturerData: [], knownServiceUuids: [...new Set(this.table.map(([service]) => service))] });
    const answered = new Set();     // the event fires twice; a second answer to one chooser crashes Chromium
    this.chooser.on('DeviceAccess.deviceRequestPrompted', event => {
      if (answered.has(event.id) || event.devices.length === 0) return;
      answered.add(event.id);
      this.prompts += 1;
      this.#guard(this.chooser.send('DeviceAccess.selectPrompt', { id: event.id, deviceId: event.devices[0].id }));
    });
    await this.chooser.send('DeviceAccess.enable');
    this.startedAt = performance.now();
    this.ticking = setInterval(() => this.connected && this.tick(), 40);
  }

  async detach() {
    clearInterval(this.ticking);
    await this.work.catch(() => {});
    await this.ble.send('BluetoothEmulation.disable').catch(() => {});
    await this.ble.detach().catch(() => {});
    await this.chooser.detach().catch(() => {});
  }

  /** Seconds since it was switched on. */
  get uptimeS() {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** The radio link breaks, and no connection succeeds until `comeBack()`. */
  async walkAway() {
    this.reachable = false;
    this.#forgetLink();
    await this.work;                // a read that is under way when the link goes never ends
    await this.ble.send('BluetoothEmulation.simulateGATTDisconnection', { address: ADDRESS });
  }

  comeBack() {
    this.reachable = true;
  }

  #guard(promise) {
    promise.catch(error => this.errors.push(String(error)));
  }

  async #onGatt({ type }) {
    if (type === 'discovery') await this.#buildTable();
    if (type === 'connection' && this.reachable) {
      this.connected = true;
      this.linked();
    }
    if (type === 'disconnection') this.#forgetLink();
    const code = type === 'connection' && !this.reachable ? 0x3e : 0;            // 0x3E: connection failed to be established
    await this.ble.send('BluetoothEmulation.simulateGATTOperationResponse', { address: ADDRESS, type, code });
  }

  #forgetLink() {
    const was = this.connected;
    this.connected = false;
    this.subscribed.clear();
    if (was) this.unlinked();
  }

  /** Chromium forgets the table when the link goes: each discovery gets a new one, and what is left of the old goes first. */
  async #buildTable() {
    for (const serviceId of this.services) {
      await this.ble.send('BluetoothEmulation.removeService', { serviceId }).catch(() => {});
    }
    this.ids.clear();
    const services = new Map();
    for (const [service, uuid, properties] of this.table) {
      if (!services.has(service)) {
        const { serviceId } = await this.ble.send('BluetoothEmulation.addService', { address: ADDRESS, serviceUuid: service });
        services.set(service, serviceId);
      }
      const { characteristicId } = await this.ble.send('BluetoothEmulation.addCharacteristic',
        { serviceId: services.get(service), characteristicUuid: uuid, properties });
      if (properties.notify || properties.indicate) {             // without it subscribing fails
        await this.ble.send('BluetoothEmulation.addDescriptor', { characteristicId, descriptorUuid: '00002902-0000-1000-8000-00805f9b34fb' });
      }
      this.ids.set(characteristicId, { service, uuid });
    }
    this.services = [...services.values()];
  }

  async #onCharacteristic({ characteristicId, type, data }) {
    const { service, uuid } = this.ids.get(characteristicId);
    const answer = { characteristicId, type, code: 0 };
    if (type === 'read') {
      const supplied = this.supplies.get(uuid);
      this.supplies.delete(uuid);
      answer.data = base64(supplied ?? this.read(service, uuid));
    }
    await this.ble.send('BluetoothEmulation.simulateCharacteristicOperationResponse', answer);
    if (type.startsWith('subscribe')) {
      this.subscribed.add(uuid);
      this.subscribes(service, uuid);
    }
    if (type.startsWith('unsubscribe')) this.subscribed.delete(uuid);
    if (type === 'write') {
      const bytes = Uint8Array.from(Buffer.from(data ?? '', 'base64'));
      this.written.push({ uuid, bytes });
      this.wrote(service, uuid, bytes);
    }
  }

  /** Delivers bytes to whatever listens on a characteristic; nothing is sent to who has not subscribed. */
  notify(service, uuid, bytes) {
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
      if (problem === 'closed') this.#forgetLink();                // the page closed the link: no event tells the device
      else if (problem && this.connected) this.errors.push(`notify ${uuid}: ${problem}`);
    }).catch(error => {
      if (!this.page.isClosed()) this.errors.push(String(error));
    });
  }
}
