// Emblems as people use them: verifying one by hand, and a card on paper.
// @ts-check

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';

import { Site } from './harness.mjs';

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
