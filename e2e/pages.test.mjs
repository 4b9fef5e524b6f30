// Every public page, in every language, as readers meet it.
// @ts-check

import { strict as assert } from 'node:assert';
import { after, before, describe, test } from 'node:test';

import { checkAxe, checkSnapshot, checkWidth, NARROW, Site, walkByKeyboard } from './harness.mjs';

const LANGUAGES = [
  { lang: 'en', dir: 'ltr' },
  { lang: 'ar', dir: 'rtl' },
];

/** What a public page may weigh: HTML, style, script and pictures, gzipped. */
const BUDGET = 80 * 1024;

/** @type {{name: string, find: (lang: string) => Promise<string>, anyOrder?: boolean, status?: number}[]} */
const PAGES = [
  { name: 'front', find: async (lang) => `/${lang}/` },
  { name: 'incidents', find: async (lang) => `/${lang}/incidents` },
  {
    name: 'incident',
    find: (lang) => site.firstLink(`/${lang}/incidents`, `main a[href*="/${lang}/incidents/"]`),
  },
  { name: 'source', find: async (lang) => `/${lang}/sources/who-ssa` },
  { name: 'log', find: async (lang) => `/${lang}/log` },
  { name: 'assets', find: async (lang) => `/${lang}/assets` },
  { name: 'asset', find: (lang) => recognised(lang) },
  { name: 'card', find: async (lang) => `${await recognised(lang)}/card` },
  { name: 'emblems', find: async (lang) => `/${lang}/emblems` },
  {
    name: 'emblem',
    find: async (lang) => site.firstLink(await recognised(lang), `main a[href*="/${lang}/emblems/"]`),
  },
  { name: 'authorities', find: async (lang) => `/${lang}/authorities` },
  {
    name: 'authority',
    find: (lang) => site.firstLink(`/${lang}/authorities`, `main a[href*="/${lang}/authorities/"]`),
  },
  { name: 'deadlines', find: async (lang) => `/${lang}/deadlines?state=breached`, anyOrder: true },
  { name: 'obligation', find: (lang) => obligation(lang, 'breached') },
  { name: 'accords', find: async (lang) => `/${lang}/accords` },
  { name: 'accord', find: (lang) => accord(lang), anyOrder: true },
  { name: 'matrix', find: async (lang) => `${await accord(lang)}/matrix`, anyOrder: true },
  { name: 'adopt', find: async (lang) => `${await accord(lang)}/adopt` },
  { name: 'attest', find: async (lang) => `/${lang}/attest` },
  { name: 'verify', find: async (lang) => `/${lang}/verify` },
  { name: 'verified', find: async (lang) => `/${lang}/verify?example` },
  { name: 'missing', find: async (lang) => `/${lang}/nowhere`, status: 404 },
];

/**
 * The page of the recognised domain name.
 * @param {string} lang
 */
const recognised = (lang) =>
  site.firstLink(`/${lang}/assets?kind=domain&outcome=recognised`, `main th a[href*="/${lang}/assets/"]`);

/**
 * The page of the text that the story's parties adopted.
 * @param {string} lang
 */
const accord = (lang) => site.firstLink(`/${lang}/accords`, `main th a[href*="/${lang}/accords/"]`);

/**
 * The page of the first duty with a status.
 * @param {string} lang
 * @param {string} state
 */
const obligation = (lang, state) =>
  site.firstLink(`/${lang}/deadlines?state=${state}`, `main h3 a[href*="/${lang}/obligations/"]`);

/** @type {Site} */
let site;
before(async () => { site = await Site.start(); });
after(() => site?.stop());

for (const { lang, dir } of LANGUAGES) {
  for (const { name, find, anyOrder, status = 200 } of PAGES) {
    describe(`${name} in ${lang}`, () => {
      /** @type {string} */
      let url;
      before(async () => { url = await find(lang); });

      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        test(`axe finds nothing in ${colorScheme} colours`, () =>
          site.openPage(url, { locale: lang, status, colorScheme, bypassCSP: true }, checkAxe));
      }

      test('it has one first heading, a title, its language and its direction', () =>
        site.openPage(url, { locale: lang, status }, async (page) => {
          assert.equal(await page.locator('h1').count(), 1);
          assert.notEqual((await page.title()).trim(), '');
          const html = page.locator('html');
          assert.equal(await html.getAttribute('lang'), lang);
          assert.equal(await html.getAttribute('dir'), dir);
        }));

      test(`nothing scrolls sideways at ${NARROW} pixels`, () =>
        site.openPage(url, { locale: lang, status, width: NARROW }, checkWidth));

      test('without JavaScript it says what its snapshot says', () =>
        site.openPage(url, { locale: lang, status, javaScript: false }, (page) =>
          checkSnapshot(page, `${name}.${lang}`, anyOrder)));

      test('it is light, asks no other origin, and complains of nothing', () =>
        site.openPage(url, { locale: lang, status }, async (page, visit) => {
          await page.waitForLoadState('networkidle');
          assert.deepEqual(visit.foreign, []);
          assert.deepEqual(visit.complaints, []);
          const bytes = await visit.bytes();
          assert(bytes > 0 && bytes <= BUDGET, `${bytes} bytes of ${BUDGET}`);
        }));

      test('the keyboard reaches every link and control, and one sees where it is', () =>
        site.openPage(url, { locale: lang, status }, walkByKeyboard));
    });
  }
}
