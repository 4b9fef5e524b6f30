// What the browser tests stand on: the real binary with its invented story, and a real browser.
// @ts-check

import { strict as assert } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { chromium } from 'playwright-core';

const here = path.dirname(fileURLToPath(import.meta.url));
const { ENSIGN_BIN, ENSIGN_BLESS, ENSIGN_CHROMIUM } = process.env;
const BINARY = ENSIGN_BIN ?? path.join(here, '../target/debug/ensign');
const CHROMIUM = ENSIGN_CHROMIUM ?? '/usr/bin/chromium';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The narrowest window that WCAG 2.2 asks for (1.4.10). */
export const NARROW = 320;

/** Debian's Chromium as it runs without a display, and without calling home. */
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/**
 * @typedef {object} View How a reader looks at a page.
 * @property {string} [locale] the browser's language
 * @property {number} [width] of the window, in CSS pixels
 * @property {boolean} [javaScript]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {boolean} [bypassCSP] lets axe in, which the pages' own policy keeps out
 * @property {number} [status] of the answer, where it is not 200
 */

/** @typedef {import('playwright-core').Page} Page */

/** A node with the story of `ensign demo` in a folder of its own, and a browser beside it. */
export class Site {
  /** Starts both. */
  static async start() {
    for (const file of [BINARY, CHROMIUM]) {
      assert(existsSync(file), `${file} is absent: \`cargo xtask e2e\` says how to get it`);
    }
    const site = new Site();
    try {
      await site.#serve();
      site.#browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    } catch (error) {
      await site.stop();
      throw error;
    }
    return site;
  }

  /** `http://127.0.0.1:PORT` */
  address = '';
  /** @type {string | undefined} */
  #folder;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #node;
  /** @type {import('playwright-core').Browser | undefined} */
  #browser;

  async #serve() {
    this.#folder = await mkdtemp(path.join(tmpdir(), 'ensign-e2e-'));
    const data = path.join(this.#folder, 'node');
    const node = spawn(BINARY, ['demo', '--dir', data, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#node = node;
    let said = '';
    const address = new Promise((resolve, reject) => {
      node.stdout.on('data', (bytes) => {
        said += bytes;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (found) resolve(found[0]);
      });
      node.stderr.on('data', (bytes) => (said += bytes));
      node.on('error', reject);
      node.on('exit', (code) => reject(new Error(`\`ensign demo\` ended with ${code}:\n${said}`)));
    });
    // A later end of the process is seen by whatever asks it next.
    address.catch(() => {});
    this.address = await address;
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(this.address, { redirect: 'manual' }).catch(() => undefined);
      if (answer && answer.status < 500) return;
      assert(tries < 300, `${this.address} does not answer:\n${said}`);
      await pause(100);
    }
  }

  /** Ends the browser, then asks the node to end, which it must do by itself and content. */
  async stop() {
    await this.#browser?.close();
    const node = this.#node;
    if (node && node.exitCode === null && node.signalCode === null) {
      const ended = once(node, 'exit');
      node.kill('SIGTERM');
      const late = pause(15_000, ['too late'], { ref: false });
      const [code] = await Promise.race([ended, late]);
      if (code === 'too late') node.kill('SIGKILL');
      assert.equal(code, 0, 'how `ensign demo` ends when it is asked to');
    }
    if (this.#folder) await rm(this.#folder, { recursive: true });
  }

  /**
   * Gives a command that a page shows to this node.
   * @param {string} command beginning with `ensign`, without quoted words
   */
  run(command) {
    const [program, ...words] = command.trim().split(' ');
    assert.equal(program, 'ensign');
    const done = spawnSync(BINARY, [...words, '--dir', path.join(this.#folder ?? '', 'node')], { encoding: 'utf8' });
    assert.equal(done.status, 0, `${command}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  /**
   * Lets somebody with a browser of their own, who stays signed in, do things at this node. The node is
   * called by a name, as cookies and passkeys need.
   * @template T
   * @param {View} view
   * @param {(page: Page) => Promise<T>} use
   */
  async asSomebody(view, use) {
    assert(this.#browser);
    const { locale = 'en', width = 1280, javaScript = true, bypassCSP = false } = view;
    const context = await this.#browser.newContext({
      baseURL: this.address.replace('127.0.0.1', 'localhost'),
      locale, bypassCSP, javaScriptEnabled: javaScript, reducedMotion: 'reduce', timezoneId: 'UTC',
      viewport: { width, height: 900 },
    });
    try {
      return await use(await context.newPage());
    } finally {
      await context.close();
    }
  }

  /**
   * Opens a page for `use` with a profile of its own, and notes what it asked for.
   * @template T
   * @param {string} url
   * @param {View} view
   * @param {(page: Page, visit: Visit) => Promise<T>} use
   */
  async openPage(url, view, use) {
    assert(this.#browser);
    const { locale = 'en', width = 1280, javaScript = true, colorScheme = 'light', bypassCSP = false, status = 200 } = view;
    const context = await this.#browser.newContext({
      baseURL: this.address, locale, colorScheme, bypassCSP,
      javaScriptEnabled: javaScript,
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      viewport: { width, height: 900 },
    });
    try {
      const page = await context.newPage();
      const visit = new Visit(page, this.address);
      const answer = await page.goto(url, { waitUntil: 'load' });
      assert.equal(answer?.status(), status, `status of ${url}`);
      return await use(page, visit);
    } finally {
      await context.close();
    }
  }

  /**
   * The pages that all links matching `selector` on `url` lead to, each once.
   * @param {string} url
   * @param {string} selector
   */
  async links(url, selector) {
    return this.openPage(url, {}, async (page) => {
      const all = page.locator(selector);
      const found = await all.evaluateAll((them) => them.map((it) => it.getAttribute('href') ?? ''));
      return [...new Set(found)];
    });
  }

  /**
   * The page that the first link matching `selector` on `url` leads to, without its fragment.
   * @param {string} url
   * @param {string} selector
   */
  async firstLink(url, selector) {
    return this.openPage(url, {}, async (page) => {
      const href = await page.locator(selector).first().getAttribute('href', { timeout: 5_000 });
      return new URL(href ?? '', page.url()).pathname;
    });
  }
}

/** What one visit to a page asked for and got. */
class Visit {
  /** @type {string[]} requests that left for elsewhere */
  foreign = [];
  /** @type {string[]} what the page complained about: errors, refused content */
  complaints = [];
  /** @type {Promise<number>[]} */
  #sizes = [];

  /**
   * @param {Page} page
   * @param {string} address
   */
  constructor(page, address) {
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== address && !['data:', 'blob:'].includes(protocol)) this.foreign.push(request.url());
    });
    page.on('response', (response) => this.#sizes.push(gzippedSize(response)));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // That the page itself is one that tells a fault is what `openPage` asks about.
      const own = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
      if (['error', 'warning'].includes(message.type()) && !own) this.complaints.push(message.text());
    });
  }

  /** Bytes of all bodies so far, each gzipped. */
  async bytes() {
    const sizes = await Promise.all(this.#sizes);
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}

/** @param {import('playwright-core').Response} response */
async function gzippedSize(response) {
  // A redirect has no body.
  if (response.status() >= 300 && response.status() < 400) return 0;
  return gzipSync(await response.body()).length;
}

/**
 * Fails with what axe finds on a page opened with `bypassCSP`.
 * @param {Page} page
 */
export async function checkAxe(page) {
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate(async () => {
    // @ts-expect-error axe has just been put there
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(' ')}\n  ${failureSummary}`));
  });
  assert.deepEqual(found, []);
}

/**
 * Fails where the page is wider than its window.
 * @param {Page} page
 */
export async function checkWidth(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const window = page.viewportSize()?.width ?? 0;
  assert(width <= window, `the page is ${width} pixels wide in a window of ${window}`);
}

/**
 * Walks through the page by Tab: every link and control must get the focus, be seen, and show that it has it.
 * @param {Page} page
 */
export async function walkByKeyboard(page) {
  const expected = await page.evaluate(() => {
    const selector = 'a[href], button, input:not([type=hidden]), select, summary, textarea, [tabindex="0"]';
    const stops = [...document.querySelectorAll(selector)].filter((it) =>
      it.checkVisibility() && !it.matches(':disabled, [tabindex="-1"]'));
    // Of a group of radio buttons, one gets the focus by Tab and the arrows move it.
    const groups = new Set();
    return stops.filter((it) => {
      const group = it instanceof HTMLInputElement && it.type === 'radio' ? it.name : undefined;
      if (group !== undefined && groups.has(group)) return false;
      groups.add(group);
      return true;
    }).map((it, index) => {
      it.setAttribute('data-stop', String(index));
      return it.outerHTML.slice(0, 120);
    });
  });
  const reached = new Set();
  const unseen = [];
  // Once around, with the browser's own stops before the first and behind the last, and the parts
  // of a date, which are stops of their own.
  const dates = await page.locator('input[type=date]').count();
  const most = expected.length + 3 + 4 * dates;
  for (let presses = 0; presses < most && reached.size < expected.length; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      const index = element?.getAttribute('data-stop');
      if (!element || index === null || index === undefined) return undefined;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const { width, height, top, bottom } = element.getBoundingClientRect();
      const shown = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      const inside = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
      return { index: Number(index), seen: shown && inside };
    });
    if (stop === undefined) continue;
    reached.add(stop.index);
    if (!stop.seen) unseen.push(expected[stop.index]);
  }
  assert.deepEqual(expected.filter((_, index) => !reached.has(index)), [], 'not reached by Tab');
  assert.deepEqual(unseen, [], 'have the focus and do not show it');
}

/**
 * Compares the page as assistive technology sees it with `snapshots/NAME.yml`, or rewrites that file
 * when ENSIGN_BLESS is set. What differs from run to run is masked first.
 * Where parties stand in the order of their ids, which are new in each run, words may stand in any order.
 * @param {Page} page
 * @param {string} name
 * @param {boolean} [anyOrder]
 */
export async function checkSnapshot(page, name, anyOrder = false) {
  const actual = masked(await page.locator('body').ariaSnapshot());
  const file = path.join(here, 'snapshots', `${name}.yml`);
  if (ENSIGN_BLESS) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, actual);
    return;
  }
  const expected = await readFile(file, 'utf8').catch(() => '');
  const words = (/** @type {string} */ text) => text.match(/[\p{L}\p{N}_]+/gu)?.sort().join('\n');
  const read = anyOrder ? words : (/** @type {string} */ text) => text;
  assert.equal(read(actual), read(expected), `${name} differs from its snapshot: \`cargo xtask bless\` rewrites it`);
}

/**
 * Keys are made anew for each node, so ids, hashes and signatures differ, and so do the times of receipt.
 * @param {string} snapshot
 */
function masked(snapshot) {
  return `${snapshot}\n`
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://ADDRESS')
    .replaceAll(/\b([a-z]{3})_[0-9A-Za-z]{10,}(…|\.\.\.)?/g, '$1_ID')
    .replaceAll(/\b[0-9a-f]{16,}\b(…|\.\.\.)?/g, 'HEX')
    .replaceAll(/[A-Za-z0-9+/]{40,}={0,2}/g, 'BASE64')
    .replaceAll(/--at \d{10}\b/g, '--at TIME')
    .replaceAll(/\?at=\d{10}\b/g, '?at=TIME')
    .replaceAll(/\d{1,2} \p{L}+ \d{4} \p{L}+ \d\d:\d\d:\d\d/gu, 'TIME')
    .replaceAll(/\d{1,2} \p{L}+ \d{4}(\u2069?) \(UTC\)/gu, 'DAY$1 (UTC)')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?( ?UTC|Z|[+-]\d\d:\d\d)?/g, 'TIME');
}
