import { beforeAll, describe, expect, it } from 'vitest';
import { load } from '../src/index.js';
import { VirtualStrap } from '../src/simulator.js';

beforeAll(() => load({ wasm: new Uint8Array() }));
const strap = () => new VirtualStrap({ device: 'heart-rate', samplesUv: new Float32Array(10), samplingRateHz: 130 });
const FILTER = { filters: [{ services: ['heart_rate'] }] };

describe('a virtual strap', () => {
  it('notifies like a browser', async () => {
    const device = await strap().requestDevice(FILTER);
    const service = await (await device.gatt.connect()).getPrimaryService(0x180d);
    const measurement = await service.getCharacteristic('heart_rate_measurement');
    const value = new Promise<DataView | null>((resolve) => {
      measurement.addEventListener('characteristicvaluechanged', (event) => resolve((event.target as typeof measurement).value), { once: true });
    });
    await measurement.startNotifications();
    expect((await value)?.getUint8(1)).toBe(72);
    device.gatt.disconnect();
  });

  it('takes the written bytes, also of a view into a larger buffer', async () => {
    const device = await strap().requestDevice(FILTER);
    const service = await (await device.gatt.connect()).getPrimaryService('heart_rate');
    const control = await service.getCharacteristic('heart_rate_control_point');
    await control.writeValueWithResponse(new DataView(Uint8Array.of(9, 1, 2).buffer, 1, 2));
    expect((await control.readValue()).byteLength).toBe(2);
    await expect(control.writeValueWithResponse(Uint8Array.of(7))).rejects.toMatchObject({ name: 'NotSupportedError' });
    device.gatt.disconnect();
  });

  it('refuses as a browser does', async () => {
    await expect(strap().requestDevice({})).rejects.toBeInstanceOf(TypeError);
    await expect(strap().requestDevice({ filters: [{ services: ['0000180D-0000-1000-8000-00805F9B34FB'] }] })).rejects.toBeInstanceOf(TypeError);
    await expect(strap().requestDevice({ filters: [{ services: [0x1812] }] })).rejects.toMatchObject({ name: 'NotFoundError' });
    const device = await strap().requestDevice({ acceptAllDevices: true });
    await expect(device.gatt.getPrimaryService('heart_rate')).rejects.toMatchObject({ name: 'NetworkError' });
    await device.gatt.connect();
    await expect(device.gatt.getPrimaryService('heart_rate')).rejects.toMatchObject({ name: 'SecurityError' });
    device.gatt.disconnect();
  });

  it('goes out of reach and comes back, and what was got before is invalid', async () => {
    const bluetooth = strap();
    const device = await bluetooth.requestDevice(FILTER);
    const service = await (await device.gatt.connect()).getPrimaryService('heart_rate');
    const measurement = await service.getCharacteristic('heart_rate_measurement');
    const lost = new Promise((resolve) => device.addEventListener('gattserverdisconnected', resolve));
    bluetooth.disconnect();
    await lost;
    await expect(device.gatt.connect()).rejects.toMatchObject({ name: 'NetworkError' });
    bluetooth.reconnectable();
    expect((await device.gatt.connect()).connected).toBe(true);
    await expect(measurement.readValue()).rejects.toMatchObject({ name: 'NetworkError' });
    device.gatt.disconnect();
  });
});
