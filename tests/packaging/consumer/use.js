// What a web developer writes: analyse a recording, run a test on samples, run one on a virtual strap.
import { load, analyze, Session, toFhir } from 'pqrst';
import { VirtualStrap } from 'pqrst/simulator';
import { samplesUv, samplingRateHz } from './ecg.js';

async function streamed() {
  const session = new Session({ test: 'rest-30s' });
  let beats = 0;
  const states = [];
  session.addEventListener('beat', () => { beats += 1; });
  session.addEventListener('state', event => states.push(event.detail.state));
  for (let at = 0; at < samplesUv.length; at += 500) {
    session.pushSamples(Float32Array.from(samplesUv.slice(at, at + 500)), samplingRateHz);
  }
  const report = session.finish();
  session.dispose();
  return { beats, states, meanBpm: report.heartRate.meanBpm.value };
}

async function simulated() {
  const strap = new VirtualStrap({ device: 'polar-h10', samplesUv: Float32Array.from(samplesUv), samplingRateHz, seed: 3 });
  const session = new Session({ test: 'rest-30s' });
  const seen = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no ECG from the virtual strap within 15 s')), 15_000);
    session.addEventListener('ecg', event => {
      clearTimeout(late);
      resolve(event.detail.samplesUv.length);
    }, { once: true });
  });
  await session.connect({ bluetooth: strap });
  const samples = await seen;
  const report = session.finish();
  session.dispose();
  return { samples, deviceClass: report.device.class, simulated: report.simulated };
}

function refusal() {
  try {
    analyze(new Float32Array(10), { samplingRateHz: -1 });
    return null;
  } catch (error) {
    return { isError: error instanceof Error, code: error.code };
  }
}

export async function use() {
  await load();
  const report = analyze(Float32Array.from(samplesUv), { samplingRateHz });
  const bundle = toFhir(report.summary, { visitId: '0123456789abcdef0123456789abcdef', id: report.summary.id });
  return {
    meanBpm: report.heartRate.meanBpm.value,
    verdict: report.verdict.kind,
    beats: report.beats.length,
    schema: report.schema,
    bundle: bundle.resourceType,
    refusal: refusal(),
    streamed: await streamed(),
    simulated: await simulated(),
  };
}
