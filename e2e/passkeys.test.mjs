// Passkeys: enter, sign in, agree, read the closed log with a device and a keyboard, in every language.
// @ts-check

import { strict as assert } from 'node:assert';
import { after, afterEach, before, describe, test } from 'node:test';

import { checkAxe, checkWidth, NARROW, Site, walkByKeyboard } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {Site} */
let site;
before(async () => { site = await Site.start(); });
after(() => site?.stop());

/** @type {string[]} */
let standing = [];

/** Ends the accounts that were opened: where two can agree, nobody makes a third one that decides alone. */
function endAll() {
  for (const account of standing) site.run(`ensign account close ${account}`);
  standing = [];
}

/**
 * Opens an account from the command line.
 * @param {string} role
 * @returns {{ account: string, code: string }}
 */
function opened(role) {
  const made = JSON.parse(site.run(`ensign account open Planted-${role} --role ${role} --json`));
  standing.push(made.account);
  return made;
}

/** A device that holds passkeys and verifies its person, as Chromium plays it. */
class Device {
  /**
   * Plugs it in.
   * @param {Page} page
   */
  static async in(page) {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
        isUserVerified: true, automaticPresenceSimulation: true,
      },
    });
    return new Device(session, authenticatorId);
  }

  /**
   * @param {import('playwright-core').CDPSession} session
   * @param {string} authenticatorId
   */
  constructor(session, authenticatorId) {
    this.session = session;
    this.authenticatorId = authenticatorId;
  }

  /** What it holds. */
  async credentials() {
    const { authenticatorId } = this;
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId });
    return credentials;
  }

  /**
   * Whether it knows its person.
   * @param {boolean} isUserVerified
   */
  async knows(isUserVerified) {
    const { authenticatorId } = this;
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  }
}

/**
 * Goes by Tab to a control and presses a key there.
 * @param {Page} page
 * @param {string} selector
 * @param {string} key
 */
async function reach(page, selector, key) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((it) => document.activeElement?.matches(it), selector)) return page.keyboard.press(key);
  }
  throw new Error(`${selector} is not reached by Tab`);
}

/**
 * Enters an account with a passkey alone, by keyboard.
 * @param {Page} page
 * @param {string} lang
 * @param {string} code
 */
async function enter(page, lang, code) {
  await page.goto(`/${lang}/enrol`);
  await page.locator('#code').focus();
  await page.keyboard.type(code);
  await reach(page, 'button[form=with-passkey]', 'Enter');
  await page.waitForSelector('#label');
  await page.locator('#label').focus();
  await page.keyboard.type('هاتفي 1');
  await page.keyboard.press('Enter');
  await page.waitForSelector('ul.once');
  assert.equal(await page.locator('ul.once code').count(), 10, 'recovery codes');
}

/**
 * Signs out, and in again with the passkey, by keyboard.
 * @param {Page} page
 * @param {string} lang
 */
async function signInAgain(page, lang) {
  await page.goto(`/${lang}/account`);
  await reach(page, 'form[action$="/sign-out"] button', 'Enter');
  await page.waitForURL(/\/sign-in$/);
  await reach(page, 'form[data-passkey=get] button', 'Enter');
  await page.waitForURL(/\/account$/);
}

for (const lang of ['en', 'ar']) {
  describe(`passkeys in ${lang}`, () => {
    afterEach(endAll);

    test('somebody enters with a passkey, signs in with it, agrees to a request and reads the closed log', async () => {
      const [administrator, guardian, auditor] = ['administrator', 'guardian', 'auditor'].map(opened);
      const party = JSON.parse(site.run('ensign status --json')).operator;
      const keys = () => JSON.parse(site.run(`ensign key list ${party} --json`)).keys.length;
      const before = keys();
      const request = await site.asSomebody({ locale: lang }, async (page) => {
        const device = await Device.in(page);
        await enter(page, lang, administrator?.code ?? '');
        const [held] = await device.credentials();
        assert.equal(held?.rpId, 'localhost');
        assert(!JSON.stringify(held).includes('Planted'), 'the device keeps nothing of the person');
        await signInAgain(page, lang);
        await page.goto(`/${lang}/requests`);
        await page.locator('#act').selectOption('key-add');
        await page.locator('#about').fill(party);
        await page.locator('#about').press('Enter');
        await page.waitForURL(/\/requests\/sta_/);
        return new URL(page.url()).pathname;
      });
      await site.asSomebody({ locale: lang }, async (page) => {
        await Device.in(page);
        await enter(page, lang, guardian?.code ?? '');
        await signInAgain(page, lang);
        await page.goto(request);
        await reach(page, 'main form[action$="/approve"] button', 'Enter');
        await page.waitForSelector('.verdict.met');
      });
      assert.equal(keys(), before + 1, 'two people are behind it');
      await site.asSomebody({ locale: lang }, async (page) => {
        await Device.in(page);
        await enter(page, lang, auditor?.code ?? '');
        await signInAgain(page, lang);
        await page.goto(`/${lang}/audit`);
        const log = await page.locator('main table').textContent();
        for (const who of [administrator, guardian]) assert(log?.includes(who?.account ?? 'nobody'));
        assert(log?.includes(lang === 'en' ? 'Passkey added' : 'أُضيف مفتاح مرور'));
        assert(!(await page.content()).includes('Planted-'), 'the log says who nobody is');
      });
    });

    test('whoever is not known to the device changes nothing, is told so calmly, and can try again', async () => {
      const { code } = opened('registrar');
      await site.asSomebody({ locale: lang }, async (page) => {
        const device = await Device.in(page);
        await enter(page, lang, code);
        await page.goto(`/${lang}/sign-in`);
        await device.knows(false);
        await reach(page, 'form[data-passkey=get] button', 'Enter');
        const says = page.locator('form[data-passkey=get] [role=status]');
        const calm = await says.getAttribute('data-cancelled');
        await page.waitForFunction((it) => document.querySelector('form[data-passkey=get] [role=status]')?.textContent === it, calm);
        assert.match(page.url(), /\/sign-in$/);
        await device.knows(true);
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/account$/);
      });
    });

    test('a second passkey is added, and the first one removed', async () => {
      const { code } = opened('registrar');
      await site.asSomebody({ locale: lang }, async (page) => {
        await Device.in(page);
        await enter(page, lang, code);
        await page.goto(`/${lang}/account`);
        const remove = 'form[action$="/passkeys/remove"] button';
        assert.equal(await page.locator(remove).count(), 0, 'the last one stays');
        await reach(page, 'form[action$="/account/passkeys"] button', 'Enter');
        await page.waitForSelector('#label');
        await page.locator('#label').focus();
        await page.keyboard.type('Second');
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/account$/);
        assert.equal(await page.locator(remove).count(), 2);
        await page.locator('li', { hasText: 'هاتفي' }).locator(remove).press('Enter');
        // Not the empty page on the way to the next one.
        await page.waitForFunction((it) => document.readyState === 'complete' && document.querySelectorAll(it).length === 0, remove);
        assert((await page.locator('main').textContent())?.includes('Second'));
      });
    });

    test('without JavaScript and at another address nobody is offered a passkey, and the rest works', async () => {
      await site.asSomebody({ locale: lang, javaScript: false }, async (page) => {
        for (const place of ['sign-in', 'enrol']) {
          await page.goto(`/${lang}/${place}`);
          assert.equal(await page.locator('[data-with-passkeys]').isVisible(), false, place);
          assert.equal(await page.locator('#login').isVisible(), true, place);
        }
      });
      for (const place of ['sign-in', 'enrol']) {
        await site.openPage(`/${lang}/${place}`, { locale: lang }, async (page, visit) => {
          assert.equal(await page.locator('[data-with-passkeys], script').count(), 0, place);
          assert.deepEqual(visit.complaints, []);
        });
      }
    });

    test('axe finds nothing on the pages with passkeys, and they fit a narrow screen', async () => {
      const { code } = opened('administrator');
      await site.asSomebody({ locale: lang, bypassCSP: true, width: NARROW }, async (page) => {
        await Device.in(page);
        const looks = async () => {
          await checkAxe(page);
          await checkWidth(page);
          await walkByKeyboard(page);
        };
        for (const place of ['sign-in', 'enrol']) {
          await page.goto(`/${lang}/${place}`);
          await page.locator('[data-with-passkeys]').first().waitFor();
          await looks();
        }
        await page.locator('#code').fill(code);
        await page.locator('button[form=with-passkey]').press('Enter');
        await page.waitForSelector('#label');
        await looks();
        await enter(page, lang, code);
        await page.goto(`/${lang}/account`);
        await looks();
      });
    });
  });
}
