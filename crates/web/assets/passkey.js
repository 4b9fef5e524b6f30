// Passkeys: asks the browser for one and puts its answer into the form, which is then sent like any other.
// Whatever is said to the reader stands in the page, in the reader's language. Without this script, and in a
// browser that has no passkeys, all the rest of the pages works as it does with it.
// @ts-check

/** @param {string} text base64url without padding */
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0));

/** @param {ArrayBuffer} buffer */
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * Options as the browser takes them. It reads them itself where it can.
 * @param {string} kind
 * @param {any} json
 */
function read(kind, json) {
  const own = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
  // @ts-ignore older browsers do not have it
  if (PublicKeyCredential[own]) return PublicKeyCredential[own](json);
  const options = { ...json, challenge: bytes(json.challenge) };
  if (json.user) options.user = { ...json.user, id: bytes(json.user.id) };
  return options;
}

/** @param {any} credential */
function written(credential) {
  if (credential.toJSON) return credential.toJSON();
  const { id, type, response } = credential;
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const told = names.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return { id, rawId: id, type, response: Object.fromEntries(told) };
}

/** @param {HTMLFormElement} form */
function asks(form) {
  const { passkey: kind, options } = form.dataset;
  const says = form.querySelector('[role=status]');
  let waits = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (waits || !says || !(says instanceof HTMLElement) || !kind) return;
    waits = true;
    says.textContent = says.dataset.waiting ?? '';
    try {
      const publicKey = read(kind, JSON.parse(options ?? ''));
      const found = await (kind === 'create' ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
      const answer = form.elements.namedItem('answer');
      if (!(answer instanceof HTMLInputElement) || !found) throw new Error('nothing was answered');
      answer.value = JSON.stringify(written(found));
      form.submit();
    } catch (error) {
      // Who changes their mind, or waits for too long, has done nothing wrong.
      const calm = error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);
      says.textContent = (calm ? says.dataset.cancelled : says.dataset.failed) ?? '';
    }
    waits = false;
  });
}

/**
 * Takes along the code to enter that is typed in another form.
 * @param {HTMLFormElement} form
 */
function takesCode(form) {
  form.addEventListener('submit', (event) => {
    const [typed, taken] = [document.getElementById('code'), form.elements.namedItem('code')];
    if (!(typed instanceof HTMLInputElement) || !(taken instanceof HTMLInputElement)) return;
    if (!typed.reportValidity()) event.preventDefault();
    taken.value = typed.value;
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll('form')) {
    if (form.dataset.passkey === 'code') takesCode(form);
    else if (form.dataset.passkey) asks(form);
  }
  for (const it of document.querySelectorAll('[data-with-passkeys]')) it.removeAttribute('hidden');
  for (const it of document.querySelectorAll('[data-without-passkeys]')) it.setAttribute('hidden', '');
}
