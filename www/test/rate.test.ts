import { expect, it } from 'vitest';
import { EXPIRES_MS, LiveRate } from '../src/patient/rate.js';

it('gives whole beats a minute until they are old', () => {
  const rate = new LiveRate();
  expect(rate.at(0)).toBeNull();
  rate.heard(71.6, 'ecg', 100);
  expect(rate.at(100 + EXPIRES_MS - 1)).toBe(72);
  expect(rate.at(100 + EXPIRES_MS)).toBeNull();
});

it('withholds a rate of an ECG that cannot be read, until it can be read again', () => {
  const rate = new LiveRate();
  rate.ecg();
  rate.judged(false, 50);
  rate.heard(56, 'ecg', 100);
  expect(rate.at(200)).toBeNull();
  rate.judged(true, 300);
  expect(rate.at(300)).toBe(56);
});

it('takes the rate that a sensor measured itself, but not where ECG flows', () => {
  const rate = new LiveRate();
  rate.heard(56, 'device', 100);
  expect(rate.at(200)).toBe(56);
  rate.ecg();
  expect(rate.at(200)).toBeNull();
  rate.heard(171, 'device', 250);
  expect(rate.at(300)).toBeNull();
  rate.heard(63, 'ecg', 400);
  rate.heard(171, 'device', 450);
  rate.ecg();
  expect(rate.at(500)).toBe(63);
});

it('knows nothing after the link is lost, and nothing from an impossible rate', () => {
  const rate = new LiveRate();
  rate.heard(80, 'ecg', 0);
  rate.forget();
  expect(rate.at(1)).toBeNull();
  for (const bpm of [0, -3, 900, NaN]) {
    rate.heard(bpm, 'device', 2);
    expect(rate.at(3)).toBeNull();
  }
});
