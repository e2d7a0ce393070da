/** Anything of `navigator.bluetooth`'s shape: the browser's own, a polyfill, or a `VirtualStrap`. */
export interface BluetoothLike {
  // The members' own types differ between the browser, polyfills and simulators.
  /** Asks for a device; as `Bluetooth.requestDevice`. */
  requestDevice(options?: any): Promise<any>;
  /** Whether there is an adapter; as `Bluetooth.getAvailability`. */
  getAvailability?(): Promise<boolean>;
  /** True where no real device stands behind it; the report then says so. */
  readonly simulated?: boolean;
}

/** A family of devices: straps that send their ECG, or plain heart-rate sensors. */
export type DeviceFamily = 'polar-h10' | 'heart-rate';

/** What the driver asks for. */
interface RequestOptions {
  filters?: { services?: string[] }[];
  optionalServices?: string[];
}

const HEART_RATE = '0000180d-0000-1000-8000-00805f9b34fb';
const POLAR_PMD = 'fb005c80-02e7-f387-1cad-8acd2d8df0c8';

/** The same transport, offering one family only. A plain sensor is read without the services that carry ECG. */
export function narrowed(transport: BluetoothLike, family: DeviceFamily | undefined): BluetoothLike {
  if (family === undefined) return transport;
  const filter = family === 'polar-h10' ? { namePrefix: 'Polar', services: [HEART_RATE] } : { services: [HEART_RATE] };
  return {
    simulated: transport.simulated === true,
    ...(transport.getAvailability ? { getAvailability: () => transport.getAvailability?.() ?? Promise.resolve(true) } : {}),
    requestDevice: ({ filters = [], optionalServices = [] }: RequestOptions = {}) => {
      const services = [...optionalServices, ...filters.flatMap((known) => known.services ?? [])];
      const wanted = services.filter((service) => family === 'polar-h10' || service !== POLAR_PMD);
      return transport.requestDevice({ filters: [filter], optionalServices: wanted });
    },
  };
}
