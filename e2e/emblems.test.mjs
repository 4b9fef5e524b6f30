// Emblems as people use them: verifying one by hand, and a card on paper.
// @ts-check

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { checkAxe, checkWidth, NARROW, Site } from './harness.mjs';

const EXAMPLE = readFileSync(new URL('../crates/web/assets/example.txt', import.meta.url), 'utf8');

/** What is pasted, as of when it is judged, and what then stands on the page. */
const JUDGED = [
  { name: 'a set that meets the policy', paste: EXAMPLE, at: '1790000000', shows: '.verdict.met' },
  { name: 'a set that is over', paste: EXAMPLE, at: '4000000000', shows: '.verdict.invalid' },
  {
    name: 'a set without its evidence',
    paste: EXAMPLE.slice(0, EXAMPLE.indexOf('-----BEGIN CERTIFICATE')),
    at: '1790000000',
    shows: '.verdict.unproven',
  },
  { name: 'a text that is nothing of this', paste: 'hello', at: '', shows: '.verdict.invalid' },
  { name: 'a time that is none', paste: EXAMPLE, at: 'soon', shows: '.errors a[href="#at"]' },
];

/** @type {Site} */
let site;
before(async () => { site = await Site.start(); });
after(() => site?.stop());

for (const lang of ['en', 'ar']) {
  describe(`emblems in ${lang}`, () => {
    /** @type {string} */
    let card;
    before(async () => {
      const list = `/${lang}/assets?kind=domain&outcome=recognised`;
      card = `${await site.firstLink(list, `main th a[href*="/${lang}/assets/"]`)}/card`;
    });

    for (const format of ['A4', 'Letter']) {
      test(`a card is one page of ${format}`, () =>
        site.openPage(card, { locale: lang }, async (page) => {
          await page.emulateMedia({ media: 'print' });
          for (const hidden of ['.site-header', '.site-footer', '.card-text']) {
            assert.equal(await page.locator(hidden).isVisible(), false, hidden);
          }
          assert(await page.locator('.card .qr').isVisible());
          const pdf = await page.pdf({ format, preferCSSPageSize: false });
          assert.equal(pagesOf(pdf), 1);
        }));
    }

    test('each card is one page, whatever its asset bears, and axe finds nothing on it in print', async () => {
      const assets = await site.links(`/${lang}/assets`, `main th a[href*="/${lang}/assets/"]`);
      assert(assets.length >= 5, `${assets.length} assets`);
      const codes = [];
      for (const asset of assets) {
        await site.openPage(`${asset}/card`, { locale: lang, bypassCSP: true }, async (page) => {
          await page.emulateMedia({ media: 'print' });
          await checkAxe(page);
          assert.equal(pagesOf(await page.pdf({ format: 'A4', preferCSSPageSize: false })), 1, asset);
          codes.push(await page.locator('.card .qr').count());
        });
        await site.openPage(`${asset}/card`, { locale: lang, width: NARROW }, checkWidth);
      }
      assert(codes.includes(0) && codes.includes(1), 'some bear an emblem that is printed, some none');
    });

    for (const { name, paste, at, shows } of JUDGED) {
      test(`${name} is answered where it was pasted, and axe finds nothing there`, () =>
        site.openPage(`/${lang}/verify`, { locale: lang, width: NARROW, bypassCSP: true }, async (page) => {
          await page.locator('#paste').fill(paste);
          await page.locator('#at').fill(at);
          await page.locator('form button[type=submit]').first().click();
          await page.locator(shows).waitFor();
          assert.equal(await page.locator('.verdict, .errors').count(), 1);
          assert.equal(await page.locator('html').getAttribute('lang'), lang);
          await checkWidth(page);
          await checkAxe(page);
        }));
    }

    test('without JavaScript the text of a card is pasted, and its steps are explained', () =>
      site.openPage(card, { locale: lang, javaScript: false }, async (page) => {
        const text = await page.locator('.card-text pre').innerText();
        assert(text.startsWith('EMBLEM1:'));
        await page.goto(`/${lang}/verify`);
        await page.locator('#paste').fill(text);
        await page.locator('form button[type=submit]').first().click();
        assert.equal(await page.locator('.verdict').count(), 1);
        assert.equal(await page.locator('#signatures ~ ol .badge.confirmed').count(), 3);
        assert.equal(await page.locator('#paste').inputValue(), text);
      }));

    test('a form that is sent empty says what is missing, and leads to the field', () =>
      site.openPage(`/${lang}/verify`, { locale: lang, javaScript: false }, async (page) => {
        await page.locator('form button[type=submit]').first().click();
        const advice = page.locator('.errors a');
        assert.equal(await advice.getAttribute('href'), '#paste');
        assert.equal(await page.locator('#paste').getAttribute('aria-invalid'), 'true');
      }));
  });
}

/**
 * Pages of a PDF, by the tool that prints them where it is installed, else by the objects in it.
 * @param {Buffer} pdf
 */
function pagesOf(pdf) {
  const told = spawnSync('pdfinfo', ['-'], { input: pdf, encoding: 'utf8' });
  const found = /^Pages:\s+(\d+)$/m.exec(told.stdout ?? '');
  return found ? Number(found[1]) : (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
}
