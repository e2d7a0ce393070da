import type { QualityReason, SessionState } from 'pqrst';

/** What is the matter, and what the patient can do. */
export interface Advice {
  cause: string;
  remedy: string;
}

/** Every error code that a patient can meet. A code is looked up whole, then by its family (before the dot). */
export const ERRORS: Record<string, Advice> = {
  'bluetooth.unavailable': {
    cause: 'This browser cannot talk to Bluetooth devices.',
    remedy: 'Open your link in Chrome or Edge on an Android phone, a Mac, a Windows computer or a Chromebook. On an iPhone or iPad, Safari cannot do it: use the Bluefy app as browser, or another device.',
  },
  'bluetooth.cancelled': {
    cause: 'No strap was chosen.',
    remedy: 'Put the strap on first: it only wakes up on moist skin. Then connect again and choose it from the list.',
  },
  'bluetooth.noAdapter': {
    cause: 'Bluetooth is switched off, or this device has none.',
    remedy: 'Switch Bluetooth on in the settings of your phone or computer, then try again.',
  },
  'bluetooth.blocked': {
    cause: 'This page is not allowed to use Bluetooth.',
    remedy: 'Open the link in a window of its own, and answer “Allow” when the browser asks.',
  },
  'bluetooth.notFound': {
    cause: 'The strap was not found.',
    remedy: 'Make sure that it sits on moist skin, is close to you, and is not connected to a watch, an app or gym equipment.',
  },
  'bluetooth.timeout': {
    cause: 'The strap does not answer.',
    remedy: 'Take its sensor off the strap, count to ten, clip it on again and reconnect. If that does not help, close other apps that use it.',
  },
  bluetooth: {
    cause: 'The connection to the strap failed.',
    remedy: 'Keep the strap on and close to you, end other apps that use it, then connect again.',
  },
  'device.unsupported': {
    cause: 'This device is not one that can be read here.',
    remedy: 'Choose a chest strap such as a Polar H10, or a sensor that sends heart rate. Ask your clinician which one fits.',
  },
  device: {
    cause: 'The strap sends something that cannot be read.',
    remedy: 'Take its sensor off the strap, clip it on again and reconnect. If it happens again, tell your clinician.',
  },
  'session.timeout': {
    cause: 'Nothing arrived from the strap for a long time.',
    remedy: 'Check that it sits on moist skin and is close to you, then connect again.',
  },
  session: { cause: 'The test could not go on.', remedy: 'Connect again. If it happens again, tell your clinician.' },
  'wasm.load': {
    cause: 'A part of this page could not be loaded.',
    remedy: 'Check your internet connection and load the page again.',
  },
  wasm: { cause: 'A part of this page has failed.', remedy: 'Load the page again. Your link still works.' },
  'send.network': {
    cause: 'You seem to be offline. Nothing is lost: the result is still here.',
    remedy: 'Keep this page open. It is sent as soon as you are online again, or press the button.',
  },
  'send.timeout': {
    cause: 'The clinic’s server did not answer. Nothing is lost: the result is still here.',
    remedy: 'Keep this page open and try again in a minute.',
  },
  'send.server': {
    cause: 'The clinic’s server has a problem. Nothing is lost: the result is still here.',
    remedy: 'Keep this page open and try again in a minute.',
  },
  'send.refused': {
    cause: 'The clinic’s server did not accept the result.',
    remedy: 'Tell your clinician. They can send you a new link.',
  },
  'send.refused.401': {
    cause: 'Your link is no longer valid, so the result was not accepted.',
    remedy: 'Ask your clinician for a new link.',
  },
  send: { cause: 'Sending did not work.', remedy: 'Keep this page open and try again.' },
  'link.missing': {
    cause: 'This page was opened without an invitation.',
    remedy: 'Open the complete link that your clinician sent you. It is long: copy all of it.',
  },
  'link.unknown': {
    cause: 'This link no longer works. Links end when a newer one is made, or with time.',
    remedy: 'Ask your clinician for a new link.',
  },
  'link.network': {
    cause: 'The clinic’s server cannot be reached.',
    remedy: 'Check your internet connection, then try again.',
  },
};

const UNKNOWN: Advice = { cause: 'Something went wrong.', remedy: 'Load the page again. If it happens again, tell your clinician.' };

/** The words for an error code. */
export function adviceFor(code: string): Advice {
  return ERRORS[code] ?? ERRORS[code.split('.')[0] ?? ''] ?? UNKNOWN;
}

/** What happens in each state, in plain words. */
export const STATE: Record<SessionState, { title: string; text: string }> = {
  idle: { title: 'Getting ready', text: 'One moment.' },
  choosing: { title: 'Choose your strap', text: 'Your browser shows a list. Choose your strap in it.' },
  connecting: { title: 'Connecting', text: 'Your strap is being connected. This takes a few seconds.' },
  contact: { title: 'Waiting for skin contact', text: 'Press the strap gently against your skin. If nothing happens, moisten it again.' },
  settling: { title: 'Settling', text: 'The signal is settling. Sit back and rest your arms.' },
  recording: { title: 'Recording', text: 'Sit still and breathe as usual. Please do not talk.' },
  reconnecting: { title: 'Connection lost', text: 'The strap is being connected again by itself. Stay close and keep still; the test goes on.' },
  finished: { title: 'Recording finished', text: 'One moment, the result is being put together.' },
  failed: { title: 'It did not work', text: '' },
};

/** What a patient can change, for every reason a recording was not usable. */
export const CHANGE: Record<QualityReason, string> = {
  leadOff: 'The strap lost touch with your skin. Moisten both dark patches on its inside and pull it a little tighter.',
  saturation: 'The signal was too strong to be read. Moisten the strap again, let it sit for a minute, and do not press on it.',
  motion: 'There was movement. Lean back, rest both arms on your lap or a table, and do not talk.',
  mains: 'There was electric hum. Move away from chargers and power leads, and unplug the charger of this device.',
  transportGap: 'Parts did not arrive by radio. Keep this device within an arm’s length, with nothing in between.',
  noise: 'The signal was not clear. Moisten the strap again and check that it lies flat just below the chest muscles.',
  tooShort: 'The recording was too short. Let it run to the end.',
  noData: 'No signal arrived. Check that the sensor is clipped onto the strap and the strap sits on bare skin.',
  noBeats: 'No clear heartbeats could be read. This is about the strap, not about your heart: moisten it and move it a finger’s width up or down.',
  startUp: 'The strap was still settling. Wait a few seconds with the strap on before you start.',
  pacemaker: 'With a pacemaker or ICD some results are left out. There is nothing for you to change.',
};

/** Short hints while recording. Only what helps at once. */
export const HINT: Partial<Record<QualityReason, string>> = {
  leadOff: 'Press the strap gently against your skin.',
  motion: 'Rest your arms and keep still.',
  mains: 'Unplug the charger of this device.',
  transportGap: 'Move this device closer to the strap.',
  noise: 'Keep still. If it goes on, moisten the strap.',
  saturation: 'Do not press on the strap.',
};
