import type { Report } from 'pqrst';
import { h, setText } from '../shared/dom.js';
import type { FileNews } from './file-news.js';
import workerUrl from './file-worker.ts?worker&url';
import { advice } from './fit.js';
import { button, liveRegion, screen, type Frame } from './screen.js';
import { DAMAGED } from './words.js';

/** What follows from a recording in a file. */
export interface FileActions {
  /** The report, and how old the recording is at most. */
  finished(report: Report, ageMs: number): void;
  /** To the strap again. */
  back(): void;
}

const HOUR_MS = 3600_000;

/** The ages that a patient may say, each as its oldest: no recording may seem fresher than it is. The portal takes 30 days. */
const AGES: [label: string, ageMs: number][] = [
  ['In the last hour', HOUR_MS],
  ['Today or yesterday', 48 * HOUR_MS],
  ['In the last week', 7 * 24 * HOUR_MS],
  ['In the last four weeks', 28 * 24 * HOUR_MS],
];

/** Takes a recording as a file or a set of files, dropped or chosen. It is read here and goes nowhere. */
export function askFile(frame: Frame, actions: FileActions, problem: string | null = null): void {
  const input = h('input', { type: 'file', multiple: true, testid: 'file', class: 'file-input', onchange: () => take(input.files) });
  const take = (list: FileList | null | undefined): void => {
    const files = [...(list ?? [])];
    if (files.length > 0) readFile(frame, actions, files);
  };
  const drop = h('label', { class: 'drop', testid: 'drop' }, h('strong', {}, 'Choose the file, or drop it here'), h('span', { class: 'soft' }, 'With all its parts, where it has several.'), input);
  const over = (event: Event, is: boolean): void => {
    event.preventDefault();
    drop.classList.toggle('over', is);
  };
  drop.addEventListener('dragover', (event) => over(event, true));
  drop.addEventListener('dragleave', (event) => over(event, false));
  drop.addEventListener('drop', (event) => {
    over(event, false);
    take(event.dataTransfer?.files);
  });
  screen(
    frame,
    4,
    problem ? 'That file did not work' : 'Your recording',
    problem ? advice(problem) : null,
    h('p', {}, 'An ECG from a watch, a Holter recorder, a clinic or a sensor. It is read on this device; names and dates in it are not looked at.'),
    drop,
    h('div', { class: 'actions' }, button('Back', 'file-back', actions.back, 'quiet')),
  );
}

function readFile(frame: Frame, actions: FileActions, files: File[]): void {
  const worker = startWorker();
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Read so far', testid: 'file-progress' });
  const status = liveRegion();
  const end = (): void => worker.terminate();
  const fail = (code: string): void => {
    end();
    askFile(frame, actions, code);
  };
  worker.onmessage = ({ data }: MessageEvent<FileNews>): void => {
    if (data.kind === 'opened') setText(status, `Opened: ${data.leads} ${data.leads === 1 ? 'lead' : 'leads'}.`);
    else if (data.kind === 'progress') bar.value = data.part;
    else if (data.kind === 'failed') fail(data.code);
    else {
      end();
      askAge(frame, actions, data.report, data.damaged);
    }
  };
  worker.onerror = () => fail('wasm.failed');
  worker.postMessage(files);
  const cancel = (): void => {
    end();
    askFile(frame, actions);
  };
  screen(frame, 4, 'Reading your recording', bar, status, h('div', { class: 'actions' }, button('Cancel', 'file-cancel', cancel, '')));
}

/** The portal's content security policy takes the address of a script only from a policy; this one knows no other. */
function startWorker(): Worker {
  const { trustedTypes } = window as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } };
  const policy = trustedTypes?.createPolicy('file-worker', { createScriptURL: () => workerUrl });
  return new Worker(policy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module' });
}

function askAge(frame: Frame, actions: FileActions, report: Report, damaged: boolean): void {
  const missing = liveRegion({ class: 'missing' });
  let chosen: number | undefined;
  const choices = AGES.map(([label, ageMs], i) => {
    const choose = (): void => {
      chosen = ageMs;
      setText(missing, '');
    };
    return h('label', { class: 'option', testid: `age-${i}` }, h('input', { type: 'radio', name: 'age', value: i, onchange: choose }), label);
  });
  const next = (): void => {
    if (chosen === undefined) setText(missing, 'Please say when it was recorded.');
    else actions.finished(report, chosen);
  };
  const notice = damaged ? h('p', { class: 'notice', testid: 'damaged' }, DAMAGED) : null;
  const form = h('fieldset', { class: 'stack' }, h('legend', {}, 'When was it recorded?'), ...choices);
  screen(frame, 5, 'One question', notice, h('p', {}, 'The date in the file is not looked at.'), form, missing, h('div', { class: 'actions' }, button('Continue', 'age-continue', next), button('Choose another file', 'age-back', () => askFile(frame, actions), 'quiet')));
}
