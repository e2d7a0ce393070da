import { h, setText, show } from '../shared/dom.js';
import { cuffed, moisten, seated, worn } from './figures.js';
import { button, liveRegion, screen, type Frame } from './screen.js';
import { adviceFor } from './words.js';

/** What the patient may press. */
export interface FitActions {
  connect(): void;
  /** Only in a demonstration. */
  connectVirtual: (() => void) | null;
  /** To putting on a blood pressure monitor. */
  cuff(): void;
  /** To a recording that is there already. */
  file(): void;
  /** To the questions again. */
  back(): void;
}

/** How to put the strap on, and the button that connects it. `problem` is the code of an error to explain. */
export function showFit(frame: Frame, actions: FitActions, problem: string | null): void {
  const missing = h('div', {});
  const helper = liveRegion({ class: 'helper' });
  screen(
    frame,
    4,
    problem ? 'Let us try that again' : 'Put the strap on',
    problem ? advice(problem) : null,
    h(
      'ol',
      { class: 'fitting' },
      step(moisten(), 'Moisten', 'Wet both dark patches on the inside with water.'),
      step(worn(), 'Put it on', 'On bare skin, just below the chest muscles or under the bra line. Logo in front, upright, snug.'),
      step(seated(), 'Sit back', 'Rest your back and both arms. Keep this device within an arm’s length.'),
    ),
    missing,
    h(
      'div',
      { class: 'actions' },
      actions.connectVirtual ? button('Use a virtual strap', 'connect-virtual', actions.connectVirtual) : null,
      button('Connect my strap', 'connect', actions.connect, actions.connectVirtual ? '' : 'primary'),
      button('I have a blood pressure monitor', 'use-cuff', actions.cuff, 'quiet'),
      button('I have a recording in a file', 'use-file', actions.file, 'quiet'),
      button('Someone helps me', 'helper', () => setText(helper, HELPER), 'quiet'),
      helper,
      button('Back', 'back', actions.back, 'quiet'),
    ),
  );
  // A demonstration needs none; whoever wants it with a real strap is told on connecting.
  if (problem !== 'bluetooth.unavailable' && !actions.connectVirtual) watchBluetooth(missing);
}

/** User numbers of a home device. */
const USERS = [1, 2];

/** How to put a cuff on, whose number the monitor knows, and the button that connects it. */
export function showCuffFit(frame: Frame, actions: { connect(user?: number): void; back(): void }, problem: string | null): void {
  let user: number | undefined;
  const choice = (value: number | undefined, label: string, testid: string): HTMLElement =>
    h('label', { class: 'option', testid }, h('input', { type: 'radio', name: 'user', checked: value === undefined, onchange: () => (user = value) }), label);
  screen(
    frame,
    4,
    problem ? 'Let us try that again' : 'Put the cuff on',
    problem ? advice(problem, 'cuff') : null,
    h(
      'ol',
      { class: 'fitting' },
      step(cuffed(), 'Put it on', 'On the bare upper arm, two fingers above the elbow, snug. Rest that arm on a table at the height of your heart.'),
      step(seated(), 'Sit back', 'Back against the chair, feet flat, legs not crossed. You rest for five minutes, then measure twice, a minute apart.'),
    ),
    h(
      'fieldset',
      { class: 'stack' },
      h('legend', {}, 'Does your monitor know several people?'),
      choice(undefined, 'No, or it does not matter', 'user-none'),
      ...USERS.map((number) => choice(number, `Yes, I am user ${number}`, `user-${number}`)),
    ),
    h('div', { class: 'actions' }, button('Connect my monitor', 'connect-cuff', () => actions.connect(user)), button('Back', 'back', actions.back, 'quiet')),
  );
}

const HELPER =
  'For the helper: moisten the patches, stand in front, lay the strap around the chest just below the muscles with the logo upright, close the hook at the side, then hold this device within an arm’s length and press Connect.';

function step(picture: SVGElement, title: string, text: string): HTMLElement {
  return h('li', {}, picture, h('div', {}, h('strong', {}, title), h('p', {}, text)));
}

/** Cause and remedy of an error, read out at once. */
export function advice(code: string, device?: 'cuff'): HTMLElement {
  const { cause, remedy } = adviceFor(code, device);
  return h('div', { class: 'notice warn stack', role: 'alert', testid: 'problem', 'data-code': code }, h('p', {}, h('strong', {}, cause)), h('p', {}, remedy));
}

/** Whether this browser can talk to straps, by itself or by an extension. */
export function bluetoothIsThere(): boolean {
  return 'bluetooth' in navigator && Boolean(navigator.bluetooth);
}

/** Says that this browser has no Bluetooth, and takes it back when an extension supplies it later. */
function watchBluetooth(place: HTMLElement): void {
  const look = (): void => {
    const there = bluetoothIsThere();
    if (there) show(place);
    else if (!place.firstChild) show(place, advice('bluetooth.unavailable'));
    if (!there) setTimeout(() => place.isConnected && look(), 1000);
  };
  look();
}
