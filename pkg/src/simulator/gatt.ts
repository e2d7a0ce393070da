import { guarded } from '../error.js';
import { bytes as bytesOf } from '../options.js';
import type { CoreNotification, VirtualStrapCore } from '../wasm-types.js';
import { canonicalUuid } from './uuid.js';

/** How often waiting notifications are taken out of the virtual device. */
const POLL_MS = 20;

/** What a page may use, as declared when it asked for the device. */
export type Allowed = ReadonlySet<string>;

/** A device of `BluetoothDevice`'s shape. Fires `gattserverdisconnected`. */
export class VirtualDevice extends EventTarget {
  /** Fixed: a virtual device is nobody's. */
  readonly id = 'virtual';
  readonly name: string;
  readonly gatt: VirtualServer;

  /** @param core the device's bytes; `allowed` the services that the page declared. */
  constructor(name: string, core: VirtualStrapCore, allowed: Allowed) {
    super();
    this.name = name;
    this.gatt = new VirtualServer(this, core, allowed);
  }
}

/** Of `BluetoothRemoteGATTServer`'s shape. */
export class VirtualServer {
  readonly device: VirtualDevice;
  #core: VirtualStrapCore;
  #allowed: Allowed;
  #connection: VirtualConnection | undefined;
  /** False while the device is out of reach. */
  #reachable = true;

  constructor(device: VirtualDevice, core: VirtualStrapCore, allowed: Allowed) {
    this.device = device;
    this.#core = core;
    this.#allowed = allowed;
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  async connect(): Promise<this> {
    await Promise.resolve();
    if (!this.#reachable) throw new DOMException('Unknown error when connecting to the device.', 'NetworkError');
    if (!this.#connection) {
      guarded(() => this.#core.connect(performance.now()));
      this.#connection = new VirtualConnection(this.#core);
    }
    return this;
  }

  /** Ends the link, as the page would. */
  disconnect(): void {
    if (!this.#connection) return;
    this.#connection.end();
    this.#connection = undefined;
    guarded(() => this.#core.disconnect(performance.now()));
    queueMicrotask(() => this.device.dispatchEvent(new Event('gattserverdisconnected')));
  }

  /** Takes the device out of reach or brings it back. */
  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) this.disconnect();
  }

  async getPrimaryService(name: string | number): Promise<VirtualService> {
    const [service] = await this.getPrimaryServices(name);
    if (!service) throw new DOMException('No Services found in device.', 'NotFoundError');
    return service;
  }

  async getPrimaryServices(name?: string | number): Promise<VirtualService[]> {
    await Promise.resolve();
    const connection = this.#connection;
    if (!connection) throw notConnected();
    const wanted = name === undefined ? undefined : canonicalUuid(name);
    if (wanted !== undefined && !this.#allowed.has(wanted)) {
      throw new DOMException('Origin is not allowed to access the service.', 'SecurityError');
    }
    const found = this.#core.services().filter((uuid) => this.#allowed.has(uuid) && (wanted ?? uuid) === uuid);
    if (found.length === 0) throw new DOMException('No Services found in device.', 'NotFoundError');
    return found.map((uuid) => new VirtualService(this.device, connection, uuid));
  }
}

/** Of `BluetoothRemoteGATTService`'s shape. */
export class VirtualService {
  readonly isPrimary = true;
  readonly device: VirtualDevice;
  readonly uuid: string;
  #connection: VirtualConnection;

  constructor(device: VirtualDevice, connection: VirtualConnection, uuid: string) {
    this.device = device;
    this.uuid = uuid;
    this.#connection = connection;
  }

  async getCharacteristic(name: string | number): Promise<VirtualCharacteristic> {
    const [characteristic] = await this.getCharacteristics(name);
    if (!characteristic) throw new DOMException('No Characteristics found.', 'NotFoundError');
    return characteristic;
  }

  async getCharacteristics(name?: string | number): Promise<VirtualCharacteristic[]> {
    await Promise.resolve();
    const core = this.#connection.core();
    const wanted = name === undefined ? undefined : canonicalUuid(name);
    const found = core.characteristics(this.uuid).filter(({ uuid }) => (wanted ?? uuid) === uuid);
    if (found.length === 0) throw new DOMException('No Characteristics matching UUID found.', 'NotFoundError');
    return found.map(({ uuid, properties }) => this.#connection.characteristic(this, uuid, properties));
  }
}

/** The kinds of access that a characteristic offers, as browsers list them. */
const PROPERTIES = ['broadcast', 'read', 'writeWithoutResponse', 'write', 'notify', 'indicate'] as const;

/** Of `BluetoothRemoteGATTCharacteristic`'s shape. Fires `characteristicvaluechanged`. */
export class VirtualCharacteristic extends EventTarget {
  readonly service: VirtualService;
  readonly uuid: string;
  readonly properties: Readonly<Record<(typeof PROPERTIES)[number], boolean>>;
  /** The last value read or notified. */
  value: DataView | null = null;
  #connection: VirtualConnection;

  constructor(service: VirtualService, connection: VirtualConnection, uuid: string, properties: readonly string[]) {
    super();
    this.service = service;
    this.uuid = uuid;
    this.#connection = connection;
    this.properties = Object.fromEntries(PROPERTIES.map((name) => [name, properties.includes(name)])) as Record<
      (typeof PROPERTIES)[number],
      boolean
    >;
  }

  async readValue(): Promise<DataView> {
    await Promise.resolve();
    const bytes = refusing(() => this.#connection.core().read(this.service.uuid, this.uuid));
    return this.receive(bytes);
  }

  async writeValueWithResponse(value: BufferSource): Promise<void> {
    // Taken at once: the caller may reuse its buffer.
    const bytes = bytesOf(value, 'value').slice();
    await Promise.resolve();
    refusing(() => this.#connection.core().write(this.service.uuid, this.uuid, bytes));
  }

  writeValue(value: BufferSource): Promise<void> {
    return this.writeValueWithResponse(value);
  }

  writeValueWithoutResponse(value: BufferSource): Promise<void> {
    return this.writeValueWithResponse(value);
  }

  async startNotifications(): Promise<this> {
    await Promise.resolve();
    refusing(() => this.#connection.core().subscribe(this.service.uuid, this.uuid));
    return this;
  }

  async stopNotifications(): Promise<this> {
    await Promise.resolve();
    refusing(() => this.#connection.core().unsubscribe(this.service.uuid, this.uuid));
    return this;
  }

  /** Takes a value in and tells the listeners. */
  receive(bytes: Uint8Array): DataView {
    const own = Uint8Array.from(bytes);
    this.value = new DataView(own.buffer);
    this.dispatchEvent(new Event('characteristicvaluechanged'));
    return this.value;
  }
}

/** One link, from connect to disconnect. What was got from it is invalid after its end, as on a real stack. */
class VirtualConnection {
  #core: VirtualStrapCore | undefined;
  #characteristics = new Map<string, VirtualCharacteristic>();
  #timer: ReturnType<typeof setInterval>;

  constructor(core: VirtualStrapCore) {
    this.#core = core;
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
  }

  core(): VirtualStrapCore {
    if (!this.#core) throw notConnected();
    return this.#core;
  }

  characteristic(service: VirtualService, uuid: string, properties: readonly string[]): VirtualCharacteristic {
    const key = `${service.uuid} ${uuid}`;
    const known = this.#characteristics.get(key) ?? new VirtualCharacteristic(service, this, uuid, properties);
    this.#characteristics.set(key, known);
    return known;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#core = undefined;
  }

  #poll(): void {
    const waiting: CoreNotification[] = this.#core?.poll(performance.now()) ?? [];
    for (const { service, characteristic, bytes } of waiting) {
      // A listener may have ended the link.
      if (!this.#core) return;
      this.#characteristics.get(`${service} ${characteristic}`)?.receive(bytes);
    }
  }
}

function notConnected(): DOMException {
  return new DOMException('GATT Server is disconnected. Cannot perform GATT operations.', 'NetworkError');
}

/** What the virtual device refuses, in the words of a browser. */
function refusing<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof DOMException) throw thrown;
    throw new DOMException(`GATT Error: ${(thrown as Error).message}`, 'NotSupportedError');
  }
}
