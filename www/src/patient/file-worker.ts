// Opens and analyses a recording away from the page, which stays free; here files are read from the disk piece by piece.
import { analyzeRecord, load, openRecord, PqrstError } from 'pqrst/files';
import type { FileNews } from './file-news.js';

const tell = (news: FileNews): void => postMessage(news);

onmessage = async ({ data: files }: MessageEvent<File[]>): Promise<void> => {
  try {
    await load();
    const record = await openRecord(files);
    tell({ kind: 'opened', format: record.format, leads: record.leads.length });
    const report = await analyzeRecord(record, { onProgress: (part) => tell({ kind: 'progress', part }) });
    // The page shows the summary; a day's rows would hold it up while they come over.
    const rows = { beats: [], waves: [], rr: [], quality: [], gaps: [] };
    tell({ kind: 'report', report: { ...report, ...rows }, damaged: record.checksumAgrees === false });
  } catch (thrown) {
    tell({ kind: 'failed', code: thrown instanceof PqrstError ? thrown.code : 'import.failed' });
  }
};
