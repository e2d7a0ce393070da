// Compiled, not run: what the types promise, and what they refuse.
import { analyze, load, send, Session, toFhir } from 'pqrst';
import type { Report, Summary } from 'pqrst';
import { VirtualStrap } from 'pqrst/simulator';

export async function use(samples: Float32Array): Promise<string> {
  await load();
  const report: Report = analyze(samples, { samplingRateHz: 250, lead: 'MLII' });
  const mean: number | null = report.heartRate.meanBpm.value;
  const summary: Summary = report.summary;
  const session = new Session({ test: 'rest-30s' });
  session.addEventListener('heartRate', event => event.detail.bpm?.toFixed(0));         // a rate expires
  session.addEventListener('ecg', event => event.detail.samplesUv.length);
  session.pushSamples(samples, 250, { startS: 0 });
  session.pushNotification({ service: 's', characteristic: 'c', bytes: new Uint8Array(2), receivedMs: 0 });
  session.pushDisconnected(1);
  const strap = new VirtualStrap({ device: 'heart-rate', samplesUv: samples, samplingRateHz: 250, lossRate: 0.1 });
  await session.connect({ bluetooth: strap });
  const finished: Report = session.finish();
  session.dispose();
  const bundle = toFhir(summary, { visitId: 'v', id: finished.id });
  await send(bundle, { url: '/fhir', token: 't', recordedAgoMs: 0 });

  // @ts-expect-error a plain list of numbers is no Float32Array
  analyze([1, 2, 3], { samplingRateHz: 250 });
  // @ts-expect-error a recording has a rate
  analyze(samples, {});
  // @ts-expect-error there is no such test
  new Session({ test: 'rest-31s' });
  // @ts-expect-error a value may be null
  const certain: number = report.heartRate.meanBpm.value;
  return `${mean} ${certain}`;
}
