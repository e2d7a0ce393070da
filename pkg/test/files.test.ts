import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeRecord, load, openRecord, PqrstError } from '../src/files.js';

const HEADER = new File(['r 2 360 3600'], 'r.hea');
const DATA = new Map<string, Uint8Array | Blob>([['folder/r.dat', new Uint8Array(9)], ['folder/r.hea', new Blob(['r 2 360 3600'])]]);

beforeAll(() => load());

describe('an opened record', () => {
  it.each([
    ['a file', HEADER],
    ['dropped files', [new File(['x'], 'r.dat'), HEADER]],
    ['bytes by name', DATA],
    ['a set of one\'s own', { names: () => ['r.hea'], size: () => 12, read: () => new Uint8Array(12) }],
  ])('comes from %s', async (_, files) => {
    const record = await openRecord(files);
    expect(record.format).toBe('wfdb');
    expect(record.leads).toEqual([{ name: 'MLII', samplingRateHz: 360 }, { name: 'V5', samplingRateHz: 360 }]);
    record.dispose();
  });

  it('gives the samples of a lead, block by block or at once', async () => {
    const record = await openRecord(HEADER);
    expect([...record.blocks('V5')].map((block) => block.length)).toEqual([1200, 1200, 1200]);
    expect(record.samplesUv()).toHaveLength(3600);
    expect(record.lead(1).name).toBe('V5');
    expect(() => record.lead(2)).toThrow(PqrstError);
    expect(() => record.lead('V9')).toThrow(expect.objectContaining({ code: 'import.noSuchLead' }));
  });

  it('is found among the files, or refused', async () => {
    await expect(openRecord([new File(['x'], 'r.jpg')])).rejects.toMatchObject({ code: 'import.unknownFormat' });
  });

  it.each([undefined, null, 1, 2n, 'r.hea', true, {}, () => [], [null], [1], [{}], new Map([[1, 2]]), new Map([['r.hea', 'text']]), { names: () => ['r.hea'] }])(
    'comes from nothing else: %s',
    async (odd) => {
      await expect(openRecord(odd as File)).rejects.toMatchObject({ code: 'argument.invalid' });
    },
  );

  it('refuses settings of another type by name', async () => {
    for (const wrong of [{ name: 1 }, { samplingRateHz: '360' }, { unit: 5 }, { gain: 1n }, { columns: ['2'] }]) {
      await expect(openRecord(HEADER, wrong as object)).rejects.toMatchObject({ code: 'argument.invalid' });
    }
    const record = await openRecord(HEADER);
    for (const wrong of [2 ** 53, {}, null]) {
      expect(() => record.convert(wrong as unknown as 'csv')).toThrow(expect.objectContaining({ code: 'argument.invalid' }));
    }
    expect(() => record.lead({} as string)).toThrow(expect.objectContaining({ code: 'argument.invalid' }));
    record.dispose();
  });

  it('is no more once it is disposed of, even in the middle', async () => {
    const record = await openRecord(HEADER);
    const blocks = record.blocks();
    blocks.next();
    record.dispose();
    record.dispose();
    expect(() => blocks.next()).toThrow(PqrstError);
    expect(() => record.progress).toThrow(PqrstError);
  });
});

describe('the analysis of a record', () => {
  it('tells how far it is and gives the report', async () => {
    const seen: number[] = [];
    const report = await analyzeRecord(await openRecord(HEADER), { onProgress: (progress) => seen.push(progress) });
    expect(report.test).toBe('recording');
    expect(seen.at(-1)).toBe(1);
  });

  it('can be cancelled before it ends', async () => {
    const record = await openRecord(HEADER);
    const blocks = record.blocks.bind(record);
    // A slow file: each block takes longer than a turn.
    record.blocks = function* (lead?: string | number) {
      for (const block of blocks(lead)) {
        const until = performance.now() + 40;
        while (performance.now() < until);
        yield block;
      }
    };
    const abort = new AbortController();
    const seen: number[] = [];
    const analysis = analyzeRecord(record, { signal: abort.signal, onProgress: (progress) => (seen.push(progress), abort.abort()) });
    await expect(analysis).rejects.toMatchObject({ code: 'analysis.cancelled' });
    expect(seen).toHaveLength(1);
  });
});
