import http from 'node:http';
import { analyze, send, toFhir } from 'pqrst';
import { use } from './use.js';
import { samplesUv, samplingRateHz } from './ecg.js';

const result = await use();

// A delivery, to see what arrives.
const arrived = new Promise(resolve => {
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(201, { 'content-type': 'application/fhir+json' }).end('{"resourceType":"Bundle","type":"transaction-response"}');
    server.close();
    resolve({ method: request.method, headers: request.headers, body });
  });
  server.listen(0, '127.0.0.1', async () => {
    const { summary } = analyze(Float32Array.from(samplesUv), { samplingRateHz });
    const bundle = toFhir(summary, { visitId: '0123456789abcdef0123456789abcdef', id: summary.id });
    await send(bundle, { url: `http://127.0.0.1:${server.address().port}/fhir`, token: 'secret-token', recordedAgoMs: 1500 });
  });
});
const { method, headers, body } = await arrived;
const delivery = {
  method,
  authorization: headers.authorization,
  contentType: headers['content-type'],
  recordedAgoMs: Number(headers['pqrst-recorded-ago-ms']),
  tokenInBody: body.includes('secret-token'),
  resourceType: JSON.parse(body).resourceType,
};
console.log(JSON.stringify({ ...result, delivery }));
