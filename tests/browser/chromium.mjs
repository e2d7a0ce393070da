// Headless Chromium with Web Bluetooth, and what to keep when a test fails.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

/** The browser to drive: env CHROMIUM, else the first known name on the path; null when there is none. */
export function chromiumPath() {
  const candidates = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  for (const name of candidates.filter(Boolean)) {
    if (path.isAbsolute(name)) {
      if (fs.existsSync(name)) return name;
      continue;
    }
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch { /* not on the path */ }
  }
  return null;
}

/** Headless, with Web Bluetooth unless other features are asked for. */
export const launch = (features = 'WebBluetooth') => chromium.launch({
  executablePath: chromiumPath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--enable-features=${features}`, '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'],
});

/** Collects what a page says and asks: console lines, and every request with its body. */
export class Witness {
  constructor() {
    this.lines = [];
    this.requests = [];
    this.pages = [];
  }

  watch(page, name) {
    this.pages.push({ page, name });
    page.on('console', message => this.lines.push(`${name} ${message.type()}: ${message.text()}`));
    page.on('pageerror', error => this.lines.push(`${name} error: ${error.stack ?? error}`));
    page.on('request', request => this.requests.push({
      page: name, at: performance.now(), method: request.method(), url: request.url(), headers: request.headers(),
      body: request.postDataBuffer() ?? Buffer.alloc(0),
    }));
    page.on('response', response => {
      if (response.status() >= 400) this.lines.push(`${name} ${response.status()} ${response.request().method()} ${response.url()}`);
    });
  }

  /** Screenshots and logs go to a new folder below the system's temporary one; returns its path. */
  async keep(label) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `pqrst-${label}-`));
    fs.writeFileSync(path.join(folder, 'console.log'), this.lines.join('\n'));
    fs.writeFileSync(path.join(folder, 'requests.log'),
      this.requests.map(r => `${r.page} ${r.method} ${r.url} ${r.body.length} B`).join('\n'));
    for (const { page, name } of this.pages) {
      if (page.isClosed()) continue;
      await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true }).catch(() => {});
      fs.writeFileSync(path.join(folder, `${name}.html`), await page.content().catch(() => ''));
    }
    return folder;
  }
}
