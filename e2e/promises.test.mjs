// Adopt, breach, explain, export: by keyboard, without JavaScript, in every language.
// @ts-check

import { strict as assert } from 'node:assert';
import { after, before, describe, test } from 'node:test';

import { checkAxe, Site } from './harness.mjs';

/** @type {Site} */
let site;
before(async () => { site = await Site.start(); });
after(() => site?.stop());

/**
 * Goes by Tab to an element and presses a key there.
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 * @param {string} key
 */
async function press(page, selector, key) {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.locator(selector).first().evaluate((it) => it === document.activeElement)) {
      await page.keyboard.press(key);
      return;
    }
  }
  assert.fail(`${selector} is not reached by Tab`);
}

for (const lang of ['en', 'ar']) {
  describe(`promises in ${lang}`, () => {
    test('a proposal to adopt is filled in and answered by keyboard alone', async () => {
      const accord = await site.firstLink(`/${lang}/accords`, `main th a[href*="/${lang}/accords/"]`);
      await site.openPage(accord, { locale: lang, javaScript: false }, async (page) => {
        await press(page, 'a[href$="/adopt"]', 'Enter');
        await page.waitForURL(/\/adopt$/);
        // The last party of the list has adopted nothing yet, or the page says that it has.
        await press(page, '#party', 'End');
        await press(page, 'input[name=role]', 'Space');
        await press(page, 'main form button[type=submit]', 'Enter');
        await page.waitForURL(/party=pty_/);
        assert.equal(await page.locator('#result + .notice[role=status]').count(), 1);
      });
      const party = await site.openPage(`${accord}/adopt`, {}, (page) =>
        page.locator('#party option').nth(1).getAttribute('value'));
      await site.openPage(`${accord}/adopt?party=${party}`, { locale: lang, bypassCSP: true }, checkAxe);
    });

    test('the commands that the page shows make the adoption, and the accord shows it', async () => {
      const accord = await site.firstLink(`/${lang}/accords`, `main th a[href*="/${lang}/accords/"]`);
      const parties = await site.openPage(`${accord}/adopt`, {}, (page) =>
        page.locator('#party option').evaluateAll((all) => all.slice(1).map((it) => it.getAttribute('value'))));
      for (const party of parties) {
        const proposal = `${accord}/adopt?party=${party}&role=mission`;
        const commands = await site.openPage(proposal, { locale: lang, javaScript: false }, async (page) =>
          await page.locator('.verdict.met').count() ? page.locator('.command').allTextContents() : []);
        if (commands.length === 0) continue;
        for (const command of commands) site.run(command);
        await site.openPage(accord, { locale: lang, javaScript: false }, async (page) => {
          const members = await page.locator('#members ~ .scroll th[scope=row]').count();
          assert(members > 3, `${members} parties`);
        });
        return;
      }
      assert.fail('every party has adopted the text');
    });

    test('a duty that was not met leads to its story, and that to its export', async () => {
      await site.openPage(`/${lang}/deadlines?state=breached`, { locale: lang, javaScript: false }, async (page) => {
        await press(page, `main h3 a[href*="/${lang}/obligations/"]`, 'Enter');
        await page.waitForURL(/\/obligations\/obl_/);
        assert(await page.locator('.steps > li').count() > 0);
        assert.equal(await page.locator('#own-word').count(), 1);
        const commands = await page.locator('.command').allTextContents();
        assert(commands.some((it) => /^ensign term explain obl_\S+ --at \d+ --index \d+ --json$/.test(it)));
        const json = await page.locator('.formats a[href*=".json"]').getAttribute('href');
        const answer = await page.request.get(json ?? '');
        const record = JSON.parse((await answer.json()).record);
        assert.equal(record.status, 'breached');
        assert.equal(record.engine, 'terms/1.0');
        const proof = await page.locator('#verify ~ ol a[href*=".ensign"]').getAttribute('href');
        const file = await page.request.get(proof ?? '');
        assert.equal(file.status(), 200);
        assert.match(file.headers()['content-disposition'] ?? '', /"obl_\S+\.ensign"$/);
      });
    });

    test('a week is attested in quarters, and the page says what that would give', async () => {
      await site.openPage(`/${lang}/attest`, { locale: lang, javaScript: false }, async (page) => {
        await page.locator('#party').selectOption({ index: 1 });
        await page.locator('#about').fill('three-rivers-clinic');
        await page.locator('#percent-50').check();
        await page.locator('#from').fill('2026-08-31');
        await press(page, 'main form button[type=submit]', 'Enter');
        await page.waitForURL(/percent=50/);
        const command = await page.locator('.command').first().textContent();
        assert.match(command ?? '', /^ensign fact attest three-rivers-clinic 50 --by pty_\S+ --from \d+$/);
        assert.match(await page.locator('#result + .notice').textContent() ?? '', /168/);
      });
    });
  });
}
