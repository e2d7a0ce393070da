// A blood pressure monitor, emulated (see peripheral.mjs): it tells a reading when somebody measures.
import { EmulatedPeripheral } from './peripheral.mjs';
import { CANARY_NAME } from './strap.mjs';

const SERVICE = '00001810-0000-1000-8000-00805f9b34fb';
const MEASUREMENT = '00002a35-0000-1000-8000-00805f9b34fb';

/** Blood Pressure Measurement in mm[Hg], without time and user; with its status where the body moved. */
function encode({ systolic, diastolic, moved }) {
  const sfloat = number => [number & 0xff, (number >> 8) & 0x0f];
  const mean = Math.round((systolic + 2 * diastolic) / 3);
  return Uint8Array.from([moved ? 0x10 : 0x00, ...sfloat(systolic), ...sfloat(diastolic), ...sfloat(mean), ...(moved ? [0x01, 0x00] : [])]);
}

export class EmulatedCuff extends EmulatedPeripheral {
  constructor() {
    super({ name: CANARY_NAME, table: [[SERVICE, MEASUREMENT, { read: true, indicate: true }]] });
  }

  /** Whether the page listens. */
  get listened() {
    return this.subscribed.has(MEASUREMENT);
  }

  async measure(reading) {
    this.notify(SERVICE, MEASUREMENT, encode(reading));
    await this.work;
  }
}
