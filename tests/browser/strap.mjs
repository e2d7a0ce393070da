// A Polar H10, emulated (see peripheral.mjs).
import {
  CHARACTERISTIC, CLOCK_START_NS, FEATURES, SAMPLES_PER_FRAME, SERVICE, TRUE_RATE_HZ,
  answerControl, encodeEcgFrame, encodeHeartRate,
} from './polar.mjs';
import { EmulatedPeripheral } from './peripheral.mjs';
import { sampleAt } from './recording.mjs';

const text = value => new TextEncoder().encode(value);

// service, characteristic, properties, value when the product reads it
const TABLE = [
  [SERVICE.heartRate, CHARACTERISTIC.heartRate, { read: true, notify: true }],
  [SERVICE.heartRate, CHARACTERISTIC.bodyLocation, { read: true }, Uint8Array.of(1)],
  [SERVICE.heartRate, CHARACTERISTIC.heartRateControl, { write: true }],
  [SERVICE.battery, CHARACTERISTIC.batteryLevel, { read: true, notify: true }],
  [SERVICE.deviceInformation, CHARACTERISTIC.maker, { read: true }, text('Polar Electro Oy')],
  [SERVICE.deviceInformation, CHARACTERISTIC.model, { read: true }, text('H10\0')],
  [SERVICE.deviceInformation, CHARACTERISTIC.firmware, { read: true }, text('5.0.0')],
  [SERVICE.pmd, CHARACTERISTIC.pmdControl, { read: true, write: true, indicate: true }, FEATURES],
  [SERVICE.pmd, CHARACTERISTIC.pmdData, { read: true, notify: true }],
];

/** The name that must never leave the patient's browser: it carries the strap's serial number. */
export const CANARY_NAME = 'Polar H10 1A2B3C4D';

export class EmulatedStrap extends EmulatedPeripheral {
  /**
   * @param recording what it carries (see recording.mjs); sample k is the recording at k / TRUE_RATE_HZ seconds
   * @param falseBpm the rate that its own heart-rate characteristic states, to be different from the recording's
   * @param contact true or false as old firmware states it, null as new firmware keeps silent
   */
  constructor({ recording, falseBpm = 171, contact = true, batteryPercent = 83 }) {
    super({ name: CANARY_NAME, table: TABLE });
    Object.assign(this, { recording, falseBpm, contact, batteryPercent });
    this.streaming = false;
    this.nextSample = 0;
    this.framesSent = [];           // {firstSample}
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

  read(_, uuid) {
    if (uuid === CHARACTERISTIC.batteryLevel) return Uint8Array.of(this.batteryPercent);
    return TABLE.find(([, known]) => known === uuid)?.[3] ?? [];
  }

  wrote(service, uuid, bytes) {
    if (uuid === CHARACTERISTIC.pmdControl) this.notify(service, uuid, answerControl(this, bytes));
  }

  unlinked() {
    this.streaming = false;
  }

  tick() {
    if (this.subscribed.has(CHARACTERISTIC.heartRate) && this.uptimeS >= (this.nextHeartRateS ?? 0)) {
      this.nextHeartRateS = this.uptimeS + 1;
      this.notify(SERVICE.heartRate, CHARACTERISTIC.heartRate, encodeHeartRate(this.falseBpm, this.contact));
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
    this.notify(SERVICE.pmd, CHARACTERISTIC.pmdData, encodeEcgFrame(stampNs, samples));
  }
}
