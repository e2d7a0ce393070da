import type { Context } from 'pqrst';
import { h, setText } from '../shared/dom.js';
import { SENTENCES, TEST } from '../shared/words.js';
import { DURATION_S } from '../shared/live.js';
import { advice, bluetoothIsThere } from './fit.js';
import { button, callNow, liveRegion, screen, type Frame } from './screen.js';
import type { Invitation } from './portal.js';

/** Minutes that preparing and sending take besides the test. */
const AROUND_MIN = 5;

/** "This test is for me", against the code that the clinician sees too. */
export function askIdentity(frame: Frame, invitation: Invitation, yes: () => void, no: () => void): void {
  screen(
    frame,
    1,
    'Is this test for you?',
    h('p', {}, 'Your clinician sees the same code. Compare it with what they tell you.'),
    h('p', { class: 'code big-code', testid: 'visit-code' }, invitation.code),
    h('p', { class: 'soft' }, `The test: ${TEST[invitation.test]}, with a chest strap. Allow ${AROUND_MIN + Math.floor(DURATION_S[invitation.test] / 60)} minutes in all.`),
    // Told before anything is asked: the test cannot end well here.
    invitation.mode === 'real' && !bluetoothIsThere() ? advice('bluetooth.unavailable') : null,
    h('div', { class: 'actions' }, button('Yes, this test is for me', 'confirm-identity', yes), button('No, it is not for me', 'deny-identity', no, '')),
  );
}

/** The end for someone who holds another person's link. */
export function sayNotYours(frame: Frame, back: () => void): void {
  screen(
    frame,
    null,
    'Then please stop here',
    h('p', {}, 'Nothing was recorded. Close this page and tell your clinician that the link reached the wrong person.'),
    h('div', { class: 'actions' }, button('I pressed this by mistake', 'identity-back', back, 'quiet')),
  );
}

/** Symptoms come before everything else. */
export function askSymptoms(frame: Frame, invitation: Invitation, none: () => void, present: () => void): void {
  screen(
    frame,
    2,
    'Do you have any of these right now?',
    h(
      'ul',
      { class: 'symptoms' },
      ...['Chest pain or pressure', 'Fainting, or nearly fainting', 'Short of breath while resting', 'A drooping face, a weak arm, or trouble speaking (signs of a stroke)'].map(
        (symptom) => h('li', {}, symptom),
      ),
    ),
    h('div', { class: 'actions' }, button('No, none of these', 'symptoms-none', none), button('Yes, one or more', 'symptoms-present', present, '')),
    invitation.watched ? null : h('p', { class: 'notice warn', testid: 'unwatched' }, SENTENCES.unwatched),
  );
}

/** The end for someone who needs help now. */
export function sayCall(frame: Frame, invitation: Invitation, back: () => void): void {
  screen(
    frame,
    null,
    'Please get help now',
    h(
      'div',
      { class: 'notice stop stack', role: 'alert', testid: 'emergency' },
      callNow(invitation.emergencyNumber),
      h('p', {}, 'If you cannot call, ask someone near you to do it.'),
      h('p', {}, 'Do not do the test. Do not wait for your clinician, and do not drive yourself.'),
      h('p', { class: 'untold' }, 'This page does not tell your clinician.'),
    ),
    h('div', { class: 'actions' }, button('I pressed this by mistake', 'symptoms-back', back, 'quiet')),
  );
}

type Choice<K extends string> = [value: K, label: string];

const PACEMAKER: Choice<'yes' | 'no' | 'unsure'>[] = [
  ['no', 'No'],
  ['yes', 'Yes'],
  ['unsure', 'I am not sure'],
];
const POSTURE: Choice<'sitting' | 'lying' | 'standing'>[] = [
  ['sitting', 'Sitting'],
  ['lying', 'Lying down'],
  ['standing', 'Standing'],
];

/** Pacemaker and posture, as coded answers. */
export function askAbout(frame: Frame, done: (answers: Pick<Context, 'pacemaker' | 'posture'>) => void, back: () => void): void {
  const chosen: { pacemaker?: 'yes' | 'no' | 'unsure'; posture?: 'sitting' | 'lying' | 'standing' } = {};
  const missing = liveRegion({ class: 'missing' });
  const choose = (answer: typeof chosen): void => {
    Object.assign(chosen, answer);
    setText(missing, '');
  };
  const next = (): void => {
    const { pacemaker, posture } = chosen;
    if (pacemaker && posture) done({ pacemaker, posture });
    else setText(missing, pacemaker ? 'Please say how you will be during the test.' : 'Please answer the question about the pacemaker.');
  };
  screen(
    frame,
    3,
    'Two questions',
    choices('pacemaker', 'Do you have a pacemaker or an implanted defibrillator (ICD)?', PACEMAKER, (value) => choose({ pacemaker: value })),
    choices('posture', 'How will you be during the test?', POSTURE, (value) => choose({ posture: value })),
    missing,
    h('div', { class: 'actions' }, button('Continue', 'continue', next), button('Back', 'back', back, 'quiet')),
  );
}

function choices<K extends string>(name: string, question: string, options: Choice<K>[], chosen: (value: K) => void): HTMLElement {
  return h(
    'fieldset',
    { class: 'stack' },
    h('legend', {}, question),
    ...options.map(([value, label]) =>
      h(
        'label',
        { class: 'option', testid: `${name}-${value}` },
        h('input', { type: 'radio', name, value, onchange: () => chosen(value) }),
        label,
      ),
    ),
  );
}
