import type { Summary, Value } from 'pqrst';
import { h, setText } from '../shared/dom.js';
import { conditions, limits as methodLimits, numbers, PANEL, seriesMean, seriesReadings, taken } from '../shared/readings.js';
import { ago, CONTACT, DEVICE, FINDING, GAP, LEAD, LIMIT, NULL_REASON, QUALITY, TEST, VERDICT_REASON, word } from '../shared/words.js';
import type { Result, Visit } from './portal.js';
import { PACEMAKER, RHYTHM_LABEL, SYMPTOMS, VERDICT } from './words.js';

/** A recording that ended longer ago than this is no longer live; the portal counts the same. */
const LIVE_MS = 5 * 60_000;

/** Seconds that need no counting. */
const JUST_NOW_MS = 5000;

/** A result on the screen; `refresh` keeps its age true. */
export interface ResultView {
  element: HTMLElement;
  refresh(): void;
}

/** The result in the order in which it is to be read: who, when, whether, what. */
export function resultView(visit: Visit, result: Result): ResultView {
  const { summary } = result;
  const alone = isHomeTest(summary);
  const shownAt = performance.now();
  const age = h('p', { testid: 'recorded-age' });
  const refresh = (): void => {
    const ms = result.recordedAgoMs + result.receivedAgoMs + (performance.now() - shownAt);
    const late = !result.live || ms > LIVE_MS;
    const when = ms < JUST_NOW_MS ? 'Recorded just now' : `Recorded ${ago(ms)} ago`;
    setText(age, late ? `${when} – not live` : `${when}, during this visit`);
    age.className = late || ms > 60 * 60_000 ? 'notice warn age late' : 'age';
  };
  refresh();
  const element = h(
    'article',
    { class: 'result stack', testid: 'result', 'aria-label': 'Result' },
    summary.simulated ? h('p', { class: 'demo-banner', testid: 'simulated' }, 'DEMO – simulated data. Not from a patient.') : null,
    h(
      'section',
      { class: 'block topline', 'aria-label': 'In short' },
      h('p', { class: 'identity', testid: 'identity' }, 'Confirm identity before you file this: visit ', h('strong', { class: 'code' }, visit.code)),
      age,
      verdict(summary),
      ...(alone ? [] : [rates(summary), regularity(summary), ectopy(summary)]),
      background(summary),
    ),
    readings(summary),
    alone ? null : details(summary),
  );
  return { element, refresh };
}

/** Readings of home tests, and no heart signal that anything could be said of. */
function isHomeTest({ durationS, readings }: Summary): boolean {
  return durationS === 0 && readings.length > 0;
}

function verdict(summary: Summary): HTMLElement {
  const { kind, reasons } = summary.verdict;
  const { usableS, durationS } = summary;
  if (isHomeTest(summary)) {
    return h('div', { class: 'line', testid: 'verdict', 'data-kind': kind, 'data-reasons': reasons.join(' ') }, h('h2', {}, 'Home tests alone – no heart signal was recorded'));
  }
  const seconds = durationS === 0 ? 'nothing recorded' : usableS === null ? `${durationS} s recorded` : `${usableS} of ${durationS} s${kind === 'usable' ? '' : ' usable'}`;
  const why = reasons.map((reason) => word(VERDICT_REASON, reason)).join(', ');
  // Without an ECG there is no lead to name.
  const lead = summary.device.class === 'heartRateSensor' ? 'none, the sensor sends no ECG' : word(LEAD, summary.lead);
  return h(
    'div',
    { class: 'line', testid: 'verdict', 'data-kind': kind, 'data-reasons': reasons.join(' ') },
    h('h2', {}, `${VERDICT[kind]} – ${seconds}`),
    why ? h('p', {}, `${kind === 'usable' ? 'Disturbed in part' : 'Because of'}: ${why}`) : null,
    h('p', { class: 'soft' }, 'Lead: ', h('span', { testid: 'lead' }, lead)),
  );
}

function rates({ heartRate: { meanBpm, minBpm, maxBpm } }: Summary): HTMLElement {
  const number = (testid: string, { value }: Value): HTMLElement => h('span', { class: 'number', testid }, value === null ? '–' : String(value));
  const missing = [...new Set([meanBpm, minBpm, maxBpm].flatMap(({ reason }) => (reason === null ? [] : [word(NULL_REASON, reason)])))].join(', ');
  const because = missing === '' ? null : h('p', { class: 'soft' }, `Because: ${missing}`);
  if (meanBpm.value === null) return h('div', { class: 'line' }, h('p', { class: 'answer', testid: 'rate-mean' }, 'Heart rate: cannot say'), because);
  return h(
    'div',
    { class: 'line rates-line', role: 'group', 'aria-label': 'Heart rate' },
    h('p', { class: 'mean' }, h('span', { class: 'visually-hidden' }, 'Mean heart rate '), number('rate-mean', meanBpm), h('span', { class: 'unit' }, ' bpm mean')),
    h('p', { class: 'soft' }, 'lowest ', number('rate-min', minBpm), ', highest ', number('rate-max', maxBpm)),
    because,
  );
}

function regularity({ rhythm, usableS, durationS }: Summary): HTMLElement {
  const text = {
    regular: `No irregularity found in ${usableS ?? durationS} seconds`,
    irregular: 'Irregular',
    cannotSay: 'Regularity: cannot say',
  }[rhythm.regularity];
  const reason = rhythm.reason === null ? null : word(NULL_REASON, rhythm.reason);
  const certainty = rhythm.confidence === null ? null : rhythm.regularity === 'regular' ? `${rhythm.confidence} regular` : rhythm.confidence;
  return h(
    'div',
    { class: 'line' },
    h('p', { class: 'answer', testid: 'regularity', 'data-regularity': rhythm.regularity }, certainty === null ? text : `${text} – ${certainty}`),
    reason === null ? null : h('p', { class: 'soft' }, `Because: ${reason}`),
  );
}

/** A word for the rhythm from 30 s on; below the regularity that everybody can check. */
function hint({ rhythm: { label } }: Summary): HTMLElement {
  const { value, probabilities, reason } = label;
  if (value === null || probabilities === null) {
    return h('p', { class: 'soft', testid: 'rhythm-label' }, `Hint on the rhythm: cannot say${reason === null ? '' : ` (${word(NULL_REASON, reason)})`}`);
  }
  const chance = probabilities[value];
  return h('p', { testid: 'rhythm-label', 'data-label': value }, `Hint on the rhythm: ${word(RHYTHM_LABEL, value)}, ${chance >= 0.8 ? 'likely' : 'possible'} (${Math.round(10 * chance)} in 10)`);
}

function ectopy(summary: Summary): HTMLElement {
  const { ventricularPerMin: v, supraventricularPerMin: s } = summary.ectopy;
  const missing = v.reason ?? s.reason;
  const beats = missing === null ? `${shown(v, 'ventricular')}, ${shown(s, 'supraventricular')} a minute` : `cannot say (${word(NULL_REASON, missing)})`;
  return h('div', { class: 'line' }, hint(summary), h('p', { testid: 'ectopy' }, `Ectopic beats: ${beats}`));
}

function findings({ rhythm }: Summary): HTMLElement {
  const rows = rhythm.findings.map(({ kind, startS, endS, beats, bpm }) =>
    h(
      'li',
      { testid: 'finding', 'data-kind': kind },
      `${capital(word(FINDING, kind))}: ${startS} to ${endS} s${beats > 0 ? `, ${beats} beats` : ''}${bpm === null ? '' : `, ${bpm} bpm`}`,
    ),
  );
  return block('Found in the rhythm', rows.length > 0 ? h('ul', {}, ...rows) : h('p', { class: 'soft' }, 'Nothing'));
}

function intervals({ intervals: { prMs, qrsMs, qtMs, qtcFridericiaMs, qtcBazettMs, spread } }: Summary): HTMLElement {
  const row = (value: Value, range: number | null = null): string => `${shown(value, 'ms')}${value.value === null || range === null ? '' : ` (beats differ by ${range})`}`;
  return h(
    'section',
    { class: 'block', testid: 'intervals' },
    h('h3', {}, 'Intervals'),
    table([
      ['PR', row(prMs, spread.prMs)],
      ['QRS', row(qrsMs, spread.qrsMs)],
      ['QT', row(qtMs, spread.qtMs)],
      ['QTc, Fridericia', row(qtcFridericiaMs)],
      ['QTc, Bazett', row(qtcBazettMs)],
    ]),
    h('p', { class: 'small' }, 'Estimates from one lead in the monitor band, not for drug decisions.'),
  );
}

function background({ context, limits }: Summary): HTMLElement {
  const posture = context.posture === 'notAsked' ? 'not asked' : context.posture;
  return h(
    'div',
    { class: 'line' },
    h('p', { testid: 'symptoms', class: context.symptoms === 'present' ? 'notice stop' : undefined }, SYMPTOMS[context.symptoms]),
    h('p', { testid: 'pacemaker', class: ['yes', 'unsure'].includes(context.pacemaker) ? 'notice warn' : undefined }, PACEMAKER[context.pacemaker]),
    h('p', {}, `Posture: ${posture}`),
    h('p', { class: 'small', testid: 'limits' }, `Limits: ${limits.map((limit) => word(LIMIT, limit)).join(' · ') || 'none named'}`),
  );
}

/** Home tests beside the heart's signal, in a row. */
function readings(summary: Summary): HTMLElement | null {
  const series = summary.bloodPressure;
  if (summary.readings.length === 0 && !series) return null;
  const mean = series
    ? h('div', { class: 'line', testid: 'pressure-series' }, h('p', { class: 'answer number' }, `Blood pressure ${seriesMean(series)}`), h('p', { class: 'soft' }, seriesReadings(series)))
    : null;
  const items = summary.readings.map((row) =>
    h(
      'li',
      { class: 'reading', testid: 'reading', 'data-panel': row.panel },
      h('h4', {}, word(PANEL, row.panel)),
      h('p', { class: 'number' }, numbers(row)),
      h('p', { class: 'soft' }, [taken(row), conditions(row)].filter(Boolean).join('; ')),
      h('p', { class: 'small' }, `Limits: ${methodLimits(row)}`),
    ),
  );
  return h('section', { class: 'block', 'aria-label': 'Home tests' }, h('h3', {}, 'Home tests'), mean, h('ul', { class: 'readings-row' }, ...items));
}

function details(summary: Summary): HTMLElement {
  return h('div', { class: 'details' }, h('div', { class: 'stack' }, findings(summary), intervals(summary), quality(summary), gaps(summary), variability(summary)), transport(summary));
}

function quality({ quality: { usablePercent, reasons } }: Summary): HTMLElement {
  return block(
    'Signal quality',
    table([
      ['Usable', usablePercent === null ? 'no waveform to judge' : `${usablePercent} %`],
      ...reasons.map(({ reason, seconds }): [string, string] => [capital(word(QUALITY, reason)), `${seconds} s`]),
    ]),
  );
}

function gaps(summary: Summary): HTMLElement {
  const items = summary.gaps.map((gap) =>
    h(
      'li',
      { testid: 'gap', 'data-duration-s': gap.durationS, 'data-start-s': gap.startS, 'data-cause': gap.cause },
      `${gap.durationS} s missing, from ${gap.startS} s: ${word(GAP, gap.cause)}${gap.timingUnverified ? ' (length estimated)' : ''}`,
    ),
  );
  return block('Gaps', items.length > 0 ? h('ul', {}, ...items) : h('p', { class: 'soft' }, 'None'));
}

function variability({ hrv }: Summary): HTMLElement {
  const values = [hrv.rmssdMs, hrv.pnn50Percent, hrv.sd1Ms, hrv.sd2Ms, hrv.sdnnMs];
  const reasons = new Set(values.map(({ reason }) => reason));
  const [reason] = reasons;
  if (reasons.size === 1 && reason) return block('Variability', h('p', { class: 'soft' }, `RMSSD, pNN50, SD1, SD2, SDNN not given: ${word(NULL_REASON, reason)}`));
  return block(
    'Variability',
    table([
      ['RMSSD', shown(hrv.rmssdMs, 'ms')],
      ['pNN50', shown(hrv.pnn50Percent, '%')],
      ['SD1', shown(hrv.sd1Ms, 'ms')],
      ['SD2', shown(hrv.sd2Ms, 'ms')],
      ['SDNN', shown(hrv.sdnnMs, 'ms')],
    ]),
  );
}

function transport({ transport: link, device, test, algorithm }: Summary): HTMLElement {
  return block(
    'Device and link',
    table(
      [
        ['Device', word(DEVICE, device.class)],
        ['Test', word(TEST, test)],
        ['Sampling rate', link.samplingRateHz === null ? 'no waveform' : `${link.samplingRateHz} Hz`],
        ['Clock drift', { ok: 'small', poor: 'large', unknown: 'unknown' }[link.drift]],
        ['Lost', `${link.lossPercent} %`],
        ['Reconnects', String(link.reconnects)],
        ['Battery', { ok: 'ok', low: 'low', unknown: 'unknown' }[link.battery]],
        ['Skin contact', `${word(CONTACT, link.contact)}${link.contactPercent === null ? '' : `, ${link.contactPercent} % of the time`}`],
        ['Computed by', `${algorithm.name} ${algorithm.version}`],
      ],
      { Device: { testid: 'device-class', 'data-class': device.class } },
    ),
  );
}

function block(title: string, content: HTMLElement): HTMLElement {
  return h('section', { class: 'block' }, h('h3', {}, title), content);
}

function table(rows: [string, string][], marks: Record<string, Record<string, string>> = {}): HTMLElement {
  return h('dl', { class: 'table' }, ...rows.map(([label, text]) => h('div', {}, h('dt', {}, label), h('dd', { class: 'number', ...marks[label] }, text))));
}

function shown({ value, reason }: Value, unit: string): string {
  return value === null ? `– (${reason === null ? 'unknown' : word(NULL_REASON, reason)})` : `${value} ${unit}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
