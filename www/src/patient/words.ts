import type { NotCounted, QualityReason, SessionEventDetails, SessionState, VerdictReason } from 'pqrst';

/** What is the matter, and what the patient can do. */
export interface Advice {
  cause: string;
  remedy: string;
}

/** Every error code that a patient can meet. A code is looked up whole, then by its family (before the dot). */
export const ERRORS: Record<string, Advice> = {
  'bluetooth.unavailable': {
    cause: 'This browser cannot talk to Bluetooth devices.',
    remedy: 'Go back to the message with your link and open it in Chrome or Edge on an Android phone, a Mac, a Windows computer or a Chromebook. An iPhone or iPad needs the Bluefy app as browser, or use another device.',
  },
  'bluetooth.cancelled': {
    cause: 'No strap was chosen.',
    remedy: 'Put the strap on first: it only wakes up on moist skin. Then connect again and choose it from the list. If the list stays empty, switch Bluetooth on in the settings of your phone or computer.',
  },
  'bluetooth.noAdapter': {
    cause: 'Bluetooth is switched off, or this device has none.',
    remedy: 'Switch Bluetooth on in the settings of your phone or computer, then try again.',
  },
  'bluetooth.noChooser': {
    cause: 'Your browser is still waiting for you to choose your device.',
    remedy: 'If you see no list, Bluetooth is probably switched off: switch it on in the settings of your phone or computer, then load this page again.',
  },
  'bluetooth.policy': {
    cause: 'The page around this one does not let it use Bluetooth.',
    remedy: 'Open the link from your invitation in a window of its own.',
  },
  'bluetooth.notAllowed': {
    cause: 'This page was not allowed to use Bluetooth.',
    remedy: 'Press Connect again, and answer “Allow” if the browser asks.',
  },
  'bluetooth.unsupported': {
    cause: 'This browser knows Bluetooth, but not all that is needed.',
    remedy: 'Update the browser, or open your link in Chrome or Edge.',
  },
  bluetooth: {
    cause: 'The list of straps could not be opened.',
    remedy: 'Switch Bluetooth off and on again, then connect again. If that does not help, restart the browser.',
  },
  'import.unknownFormat': {
    cause: 'This file is not a recording that can be read here.',
    remedy: 'Choose the file that your watch, recorder or clinic exported: for example a CSV from Apple Health, EDF, SCP, XML, DICOM, or a WFDB header with its data file.',
  },
  'import.missing': {
    cause: 'A part of the recording is missing.',
    remedy: 'This recording has several files. Choose all of them together.',
  },
  'import.unmapped': {
    cause: 'The file does not say how fast or in which unit it was recorded.',
    remedy: 'Export it again in another format, or send the file to your clinic by the way it gave you.',
  },
  import: {
    cause: 'The recording in this file could not be read.',
    remedy: 'Export it again from the app or device that it comes from. Choose it without opening or changing it first.',
  },
  'transport.connectFailed': {
    cause: 'The strap did not answer.',
    remedy: 'Make sure that it sits on moist skin and close to you, and that no watch, app or gym equipment uses it. Then connect again.',
  },
  'transport.lost': {
    cause: 'The connection to the strap was lost and did not come back.',
    remedy: 'Take its sensor off the strap, count to ten, clip it on again, keep this device close, and connect again.',
  },
  transport: {
    cause: 'The connection to the strap failed.',
    remedy: 'Keep the strap on and close to you, end other apps that use it, then connect again.',
  },
  'device.unsupported': {
    cause: 'This device is not one that can be read here.',
    remedy: 'Choose a chest strap such as a Polar H10, or a sensor that sends heart rate. Ask your clinician which one fits.',
  },
  'device.notMeasured': {
    cause: 'This device records no ECG.',
    remedy: 'Its heart rate is used, if it sends one. Ask your clinician whether that is enough.',
  },
  'device.silent': {
    cause: 'The strap is connected but sends nothing.',
    remedy: 'Moisten it again and press it against your skin. If nothing comes, clip its sensor off and on, then reconnect.',
  },
  'device.noAnswer': {
    cause: 'The strap does not answer.',
    remedy: 'Take its sensor off the strap, count to ten, clip it on again and reconnect. End other apps that use it.',
  },
  'device.refused': {
    cause: 'The strap refused to start.',
    remedy: 'End other apps that use it, clip its sensor off and on, then reconnect.',
  },
  'device.stopped': {
    cause: 'The strap stopped sending.',
    remedy: 'Check that it sits on moist skin, then connect again.',
  },
  device: {
    cause: 'The strap sends something that cannot be read.',
    remedy: 'Take its sensor off the strap, clip it on again and reconnect. If it happens again, tell your clinician.',
  },
  gatt: {
    cause: 'The strap and this device do not understand each other.',
    remedy: 'Clip the sensor off and on, switch Bluetooth off and on, then connect again.',
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

/** What reads otherwise of a blood pressure monitor. */
export const CUFF_ERRORS: Record<string, Advice> = {
  'bluetooth.cancelled': {
    cause: 'No monitor was chosen.',
    remedy: 'Switch the monitor on, or measure once: many show themselves only then. Then connect again and choose it from the list.',
  },
  bluetooth: {
    cause: 'The device list could not be opened.',
    remedy: 'Switch Bluetooth off and on again, then connect again. If that does not help, restart the browser.',
  },
  'transport.connectFailed': {
    cause: 'The monitor did not answer.',
    remedy: 'Switch it on, keep it close to you, and see that no app on another phone is connected to it. Then connect again.',
  },
  'transport.lost': {
    cause: 'The connection to the monitor was lost and did not come back.',
    remedy: 'Switch the monitor off and on, keep this device close, and connect again.',
  },
  transport: {
    cause: 'The connection to the monitor failed.',
    remedy: 'Keep the monitor close to you, end other apps that use it, then connect again.',
  },
  'device.unsupported': {
    cause: 'This device is not one that can be read here.',
    remedy: 'Choose a blood pressure monitor with standard Bluetooth. Ask your clinician which one fits.',
  },
  device: {
    cause: 'The monitor does not answer as it should.',
    remedy: 'Switch it off and on, then connect again. If it happens again, tell your clinician.',
  },
  gatt: {
    cause: 'The monitor and this device do not understand each other.',
    remedy: 'The monitor may have to be paired once: put it into pairing mode, connect again, and confirm on both if you are asked.',
  },
};

const UNKNOWN: Advice = { cause: 'Something went wrong.', remedy: 'Load the page again. If it happens again, tell your clinician.' };

/** The words for an error code, met with a strap or with a blood pressure monitor. */
export function adviceFor(code: string, device: 'strap' | 'cuff' = 'strap'): Advice {
  const family = code.split('.')[0] ?? '';
  const usual = ERRORS[code] ?? ERRORS[family] ?? UNKNOWN;
  if (device === 'strap') return usual;
  // What the browser itself says of Bluetooth reads the same for every device.
  const neutral = family === 'bluetooth' ? ERRORS[code] : undefined;
  return CUFF_ERRORS[code] ?? neutral ?? CUFF_ERRORS[family] ?? usual;
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

/** What happens before a blood pressure monitor is linked. */
export const CUFF_STATE: Partial<Record<SessionState, { title: string; text: string }>> = {
  choosing: { title: 'Choose your monitor', text: 'Your browser shows a list. Choose your blood pressure monitor in it.' },
  connecting: { title: 'Connecting', text: 'Your monitor is being connected. This takes a few seconds.' },
};

/** Said while the monitor has its radio off: many do between two readings. */
export const CUFF_AWAY = 'Your monitor has switched its radio off. That is fine: it connects again by itself when you measure.';

/** Why a reading does not count, and what to do. */
export const COUNTS_NOT: Record<NotCounted, string> = {
  notRested: 'That reading came before the rest was over, so it does not count. Just stay seated and measure again when the time is up.',
  tooSoon: 'That reading came too soon after the one before, so it does not count. Measure again when the time is up.',
  disturbed: 'That reading was disturbed, so it does not count. Check that the cuff is snug, rest your arm, keep still, and measure again.',
  incomplete: 'That reading was not complete, so it does not count. Please measure again.',
  complete: 'Enough was measured already.',
};

/** Why a reading was left out, and what to do. */
export const LEFT_OUT: Record<SessionEventDetails['readingLeftOut']['code'], string> = {
  'reading.userNotChosen': 'That reading carries the number of a user, and none was chosen here. Stop, go back, and choose your number.',
  'reading.otherUser': 'That reading carries the number of another user, so it was left out. Choose your own number on the monitor and measure again.',
  'reading.stored': 'An older reading was left out. Only what you measure now counts.',
  'reading.clockUnknown': 'That reading was left out because the clock of the monitor is not set. Set its date and time, then measure again.',
};

/** What a patient reads when the clinic looks at a result first, where the clinic gave no words of its own. */
export const LOOKED_AT_FIRST = 'Your clinic would like to look at this result soon. Please stay where it can reach you.';

/** Said when the page comes back into sight during the test. */
export const LEFT = 'This page was out of sight for a moment, and part of the recording may be missing. Keep it open in front of you until the test ends, and do not lock the screen.';

/** What a patient can change, for every reason a recording was not usable. */
export const CHANGE: Record<VerdictReason, string> = {
  leadOff: 'The strap lost touch with your skin. Moisten both dark patches on its inside and pull it a little tighter.',
  saturation: 'The signal was too strong to be read. Moisten the strap again, let it sit for a minute, and do not press on it.',
  motion: 'There was movement. Lean back, rest both arms on your lap or a table, and do not talk.',
  mains: 'There was electric hum. Move away from chargers and power leads, and unplug the charger of this device.',
  transportGap: 'Parts did not arrive by radio. Keep this device within an arm’s length, with nothing in between.',
  noise: 'The signal was not clear. Moisten the strap again and check that it lies flat just below the chest muscles.',
  tooShort: 'The recording was too short. Let it run to the end.',
  noData: 'No signal arrived. Check that the sensor is clipped onto the strap and the strap sits on bare skin.',
  noIntervals: 'This device sends only a rate, not the single heartbeats. Choose a chest strap, or ask your clinician for one.',
  retakesExhausted: 'It was tried three times with the same result. It is not your fault.',
};

/** Headings of a recording that is to be repeated, by its strongest reason, where there is a plainer word than {@link UNCLEAR}. */
export const NOT_CLEAR: Partial<Record<VerdictReason, string>> = {
  tooShort: 'The recording was too short',
  noData: 'No signal arrived',
  noIntervals: 'This device cannot be used for the test',
};

/** The heading for every other reason. */
export const UNCLEAR = 'This recording was not clear enough';

/** Said when a result that could not be sent has been kept. */
export const KEPT = 'If you have to close this page: open your link again on this device and in this browser within 24 hours. Until then the result waits here, encrypted.';

/** Short hints while recording. Only what helps at once. */
export const HINT: Partial<Record<QualityReason, string>> = {
  leadOff: 'Press the strap gently against your skin.',
  motion: 'Rest your arms and keep still.',
  mains: 'Unplug the charger of this device.',
  transportGap: 'Move this device closer to the strap.',
  noise: 'Keep still. If it goes on, moisten the strap.',
  saturation: 'Do not press on the strap.',
};

/** Of a file whose own checksum does not agree with its samples. */
export const DAMAGED =
  'This file may have been damaged on its way: its own check does not agree with what is in it. If you can, export it again. You can also go on with it as it is.';
