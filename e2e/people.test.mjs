// People: enter, sign in, ask, agree, read the closed log; by keyboard, without JavaScript, in every language.
// @ts-check

import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';

import { checkAxe, checkWidth, NARROW, Site, walkByKeyboard } from './harness.mjs';

/** @type {Site} */
let site;
before(async () => { site = await Site.start(); });
after(() => site?.stop());

const PASSWORD = 'three rivers meet here';

/**
 * What an authenticator app shows for a secret now (RFC 6238).
 * @param {string} secret in base32
 */
function oneTimeCode(secret) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.trim()].map((it) => letters.indexOf(it).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((it) => Number.parseInt(it, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** @type {string[]} */
let standing = [];

/** Ends the accounts that were opened: where two can agree, nobody makes a third one that decides alone. */
function endAll() {
  for (const account of standing) site.run(`ensign account close ${account}`);
  standing = [];
}

/**
 * Opens an account from the command line.
 * @param {string} name without spaces
 * @param {string} role
 * @returns {{ account: string, code: string }}
 */
function opened(name, role) {
  const made = JSON.parse(site.run(`ensign account open ${name} --role ${role} --json`));
  standing.push(made.account);
  return made;
}

/**
 * Enters an account on the page, by keyboard.
 * @param {import('playwright-core').Page} page
 * @param {string} lang
 * @param {string} code
 * @param {string} login
 * @returns {Promise<string[]>} the recovery codes
 */
async function enter(page, lang, code, login) {
  await page.goto(`/${lang}/enrol`);
  for (const [field, text] of [['code', code], ['login', login], ['password', PASSWORD]]) {
    await page.locator(`#${field}`).focus();
    await page.keyboard.type(text ?? '');
  }
  await page.keyboard.press('Enter');
  await page.waitForSelector('#one_time');
  assert.equal(await page.locator('.qr svg').count(), 1, 'there is something to scan');
  const secret = await page.locator('dl.fields .hash').first().textContent();
  await page.locator('#one_time').focus();
  await page.keyboard.type(oneTimeCode(secret ?? ''));
  await page.keyboard.press('Enter');
  await page.waitForSelector('ul.once');
  return page.locator('ul.once code').allTextContents();
}

for (const lang of ['en', 'ar']) {
  describe(`people in ${lang}`, () => {
    afterEach(endAll);

    test('somebody enters, signs out and in again, and sees the account', async () => {
      const { code, account } = opened('Somebody', 'registrar');
      await site.asSomebody({ locale: lang, javaScript: false }, async (page) => {
        const recovery = await enter(page, lang, code, `somebody-${lang}`);
        assert.equal(recovery.length, 10);
        const cookies = await page.context().cookies();
        assert.deepEqual(cookies.map(({ name, httpOnly, secure, sameSite }) => ({ name, httpOnly, secure, sameSite })),
          [{ name: '__Host-ensign', httpOnly: true, secure: true, sameSite: 'Strict' }]);
        await page.goto(`/${lang}/account`);
        assert((await page.locator('main').textContent())?.includes(account));
        await page.locator('form[action$="/sign-out"] button').press('Enter');
        await page.waitForURL(/\/sign-in$/);
        await page.goto(`/${lang}/account`);
        await page.waitForURL(/\/sign-in$/);
        for (const [words, shown] of [['000000', false], [recovery[0] ?? '', true]]) {
          await page.locator('#login').fill(`somebody-${lang}`);
          await page.locator('#password').fill(PASSWORD);
          await page.locator('#code').fill(String(words));
          await page.locator('main form[action$="/sign-in"] button').press('Enter');
          await page.waitForLoadState();
          assert.equal(/\/account$/.test(page.url()), shown, page.url());
          if (!shown) assert.equal(await page.locator('main [role=alert]').count(), 1);
        }
      });
    });

    test('one asks, another agrees, the node does it, and the closed log tells', async () => {
      const [administrator, guardian, auditor] = ['administrator', 'guardian', 'auditor'].map((role) => opened(`Planted-${role}`, role));
      const party = JSON.parse(site.run('ensign status --json')).operator;
      const keys = () => JSON.parse(site.run(`ensign key list ${party} --json`)).keys.length;
      const before = keys();
      const request = await site.asSomebody({ locale: lang, javaScript: false }, async (page) => {
        await enter(page, lang, administrator?.code ?? '', `administrator-${lang}`);
        await page.goto(`/${lang}/requests`);
        await page.locator('#act').selectOption('key-add');
        await page.locator('#about').fill(party);
        await page.locator('#about').press('Enter');
        await page.waitForURL(/\/requests\/sta_/);
        assert.equal(await page.locator('main form[action$="/approve"]').count(), 0, 'nobody agrees to their own');
        return new URL(page.url()).pathname;
      });
      assert.equal(keys(), before, 'one is not enough');
      await site.asSomebody({ locale: lang, javaScript: false }, async (page) => {
        await enter(page, lang, guardian?.code ?? '', `guardian-${lang}`);
        await page.goto(request);
        await page.locator('main form[action$="/approve"] button').press('Enter');
        await page.waitForSelector('.verdict.met');
      });
      assert.equal(keys(), before + 1, 'two are');
      await site.asSomebody({ locale: lang, javaScript: false }, async (page) => {
        await enter(page, lang, auditor?.code ?? '', `auditor-${lang}`);
        await page.goto(`/${lang}/audit`);
        const log = await page.locator('main table').textContent();
        for (const who of [administrator, guardian]) assert(log?.includes(who?.account ?? 'nobody'));
        assert(!(await page.content()).includes('Planted-'), 'the log says who nobody is');
      });
    });

    test('axe finds nothing on the pages of people, and they fit a narrow screen', async () => {
      const { code } = opened('Everybody', 'administrator');
      opened('Another', 'guardian');
      await site.asSomebody({ locale: lang, bypassCSP: true, width: NARROW }, async (page) => {
        for (const place of ['sign-in', 'enrol']) {
          await page.goto(`/${lang}/${place}`);
          await checkAxe(page);
          await checkWidth(page);
        }
        await enter(page, lang, code, `everybody-${lang}`);
        await checkAxe(page);
        await checkWidth(page);
        for (const place of ['account', 'accounts', 'requests', 'audit']) {
          await page.goto(`/${lang}/${place}`);
          await checkAxe(page);
          await checkWidth(page);
          await walkByKeyboard(page);
        }
      });
    });
  });
}
