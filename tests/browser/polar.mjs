// The bytes that a Polar H10 speaks: heart rate, and the Polar Measurement Data (PMD) service. Little-endian throughout.

const base = short => `0000${short}-0000-1000-8000-00805f9b34fb`;
const pmd = tail => `fb005c8${tail}-02e7-f387-1cad-8acd2d8df0c8`;

export const SERVICE = { heartRate: base('180d'), battery: base('180f'), deviceInformation: base('180a'), pmd: pmd(0) };
export const CHARACTERISTIC = {
  heartRate: base('2a37'), bodyLocation: base('2a38'), heartRateControl: base('2a39'), batteryLevel: base('2a19'),
  model: base('2a24'), firmware: base('2a26'), maker: base('2a29'), pmdControl: pmd(1), pmdData: pmd(2),
};

/** Samples in one ECG frame of a real H10: 10 + 73 x 3 = 229 bytes. */
export const SAMPLES_PER_FRAME = 73;
/** What a real H10 was measured to run at, though it says 130. */
export const TRUE_RATE_HZ = 130.34;
/** After a shutdown the strap's clock starts at 2019-01-01, counted from 2000-01-01, in nanoseconds. */
export const CLOCK_START_NS = 599_616_000_000_000_000n;

/** Value of the PMD control point when read: ECG (bit 0) and acceleration (bit 2) are there. */
export const FEATURES = Uint8Array.from([0x0f, 0x05, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** Type 0 ECG frame: measurement, stamp of the last sample, frame type, then signed 24-bit microvolts. */
export function encodeEcgFrame(stampNs, samplesUv) {
  const bytes = new Uint8Array(10 + 3 * samplesUv.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(1, stampNs, true);
  samplesUv.forEach((sample, i) => {
    const value = Math.max(-8388608, Math.min(8388607, Math.round(sample)));
    view.setUint16(10 + 3 * i, value & 0xffff, true);
    view.setInt8(12 + 3 * i, value >> 16);
  });
  return bytes;
}

/** Heart Rate Measurement with one RR interval; `contact` true or false as old straps say it, null as new ones keep silent. */
export function encodeHeartRate(bpm, contact) {
  const flags = 0x10 | (contact === null ? 0 : contact ? 0x06 : 0x04);
  const rr = Math.round((60 / bpm) * 1024);
  return Uint8Array.from([flags, bpm, rr & 0xff, rr >> 8]);
}

const ECG = 0;
const STATUS = { success: 0, invalidOperation: 1, invalidType: 2, alreadyInState: 6, invalidRate: 8 };

/**
 * Answers one write to the control point. `strap` has `streaming`, `start()` and `stop()`.
 * Returns the bytes of the indication.
 */
export function answerControl(strap, request) {
  const [operation, type] = request;
  const answer = (status, parameters = []) =>
    Uint8Array.from([0xf0, operation ?? 0, type ?? 0, status, ...(status === 0 ? parameters : [])]);
  if (operation !== 1 && operation !== 2 && operation !== 3) return answer(STATUS.invalidOperation);
  if (type !== ECG) return answer(STATUS.invalidType);
  if (operation === 1) return answer(STATUS.success, [0, 0, 1, 0x82, 0, 1, 1, 0x0e, 0]);
  if (operation === 2) {
    if (strap.streaming) return answer(STATUS.alreadyInState);
    if (!asksForRate(request, 130)) return answer(STATUS.invalidRate);
    strap.start();
    return answer(STATUS.success, [0, 0]);
  }
  if (!strap.streaming) return answer(STATUS.alreadyInState);
  strap.stop();
  return answer(STATUS.success, [0]);
}

// Settings are a list of [type][count][count x u16]; type 0 is the sampling rate.
function asksForRate(request, rateHz) {
  for (let at = 2; at + 3 < request.length; at += 2 + 2 * request[at + 1]) {
    if (request[at] === 0) return request[at + 1] === 1 && (request[at + 2] | (request[at + 3] << 8)) === rateHz;
  }
  return false;
}
