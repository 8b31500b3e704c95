// The page that verifies an evidence pack: it takes the file, hands it to the verifier in a worker, and shows the answer.
// The same file is the worker. Nothing of the pack is sent anywhere.

const words = { keep: 'kept', revoke: 'revoked', change: 'changed', not_sure: 'passed on' };

/** In the worker: loads the module once for each pack, and answers with the JSON of the verifier. */
async function work({ data: { script, wasm, pack, keys } }) {
  try {
    const { default: start, verify } = await import(script);
    await start({ module_or_path: wasm });
    self.postMessage({ answer: verify(new Uint8Array(pack), keys) });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
}

/** An element with its text; children may be elements. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
const moment = (micros) => (micros === null ? 'unknown' : `${new Date(micros / 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`);

/** The facts of a pack that holds: pairs of a name and a text. */
function facts(held) {
  const { population } = held;
  const decisions = Object.entries(held.decisions).map(([word, items]) => `${count(items)} ${words[word] ?? word}`);
  decisions.push(`${count(held.undecided)} without a decision`);
  const entries = Object.values(held.entries).reduce((sum, n) => sum + n, 0);
  return [
    ['Campaign', `${held.name} (${held.campaign})`],
    ['In scope', `${count(population.included + population.excluded)}: ${count(population.included)} to be reviewed, ${count(population.excluded)} left out`],
    ['Decisions', decisions.join(', ')],
    ['Proven', `${count(population.lines)} lines of the population, ${count(held.records)} records of ${count(held.acts)} acts, ${count(entries)} entries of the log`],
    ['Launched', moment(held.launched_at)],
    ['Exported', `${moment(held.exported_at)}, by ${held.exported_by}`],
    ['Checkpoint', `${held.checkpoint.origin}, ${count(held.checkpoint.size)} entries; sealed at ${count(held.seal.size)}`],
    ...held.keys.map(({ key, from_pack: own }) => ['Signed with', own ? `${key} (known only from the pack itself)` : `${key} (the key you gave)`]),
    ['SHA-256 of the file', held.sha256],
  ];
}

function banner(tone, title, text) {
  const icon = document.querySelector(`[data-icon="${tone}"]`).firstElementChild.cloneNode(true);
  return element('div', { class: 'banner', 'data-tone': tone }, icon,
    element('div', { class: 'banner-words' }, element('p', { class: 'banner-title' }, title), element('div', { class: 'banner-text' }, text)));
}

const noKey = (line) => `“${line}” is no verifying key. Copy the whole line as the organisation publishes it.`;

function shown(answer, name) {
  if (answer.no_key !== undefined) return [banner('bad', 'This is no key', noKey(answer.no_key))];
  if (answer.refused) {
    return [banner('bad', `${name} does not hold`, `${answer.refused.sentence} Nothing in it is proven; get the pack anew from the console that made it.`)];
  }
  const held = answer.verified;
  const list = element('dl', { class: 'verified' });
  for (const [term, text] of facts(held)) list.append(element('div', { class: 'fact' }, element('dt', {}, term), element('dd', { dir: 'auto' }, text)));
  const warnings = held.warnings.map((text) => banner('warn', 'Before you rely on it', text));
  return [banner('good', `${name} holds`, 'Every byte is what was exported, and every line is what the log recorded.'), ...warnings, list];
}

/** Says at a control what is wrong with it, as the server does; with an empty text nothing is. */
function mark(control, text) {
  const id = `${control.id}-error`;
  document.getElementById(id)?.remove();
  const described = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((one) => one && one !== id);
  control.removeAttribute('aria-invalid');
  if (text) {
    const icon = document.querySelector('[data-icon="bad"]').firstElementChild.cloneNode(true);
    control.closest('.field').append(element('p', { class: 'error', id }, icon, element('span', {}, text)));
    control.setAttribute('aria-invalid', 'true');
    described.push(id);
  }
  if (described.length > 0) control.setAttribute('aria-describedby', described.join(' '));
  else control.removeAttribute('aria-describedby');
}

/** On the page. */
function page(form) {
  const input = form.querySelector('input[type=file]');
  const keys = form.elements.namedItem('keys');
  const result = document.getElementById('verified');
  const { script, wasm, self: own } = form.dataset;
  let running = null;

  const show = (...content) => {
    result.replaceChildren(...content);
    result.focus();
  };

  const verify = async () => {
    const [file] = input.files;
    mark(keys, '');
    mark(input, file ? '' : 'Choose an evidence pack first.');
    if (!file) return show(banner('bad', 'No file was chosen', 'Choose an evidence pack first.'));
    running?.terminate();
    const worker = new Worker(own);
    running = worker;
    result.replaceChildren(element('p', { class: 'verifying' }, `Verifying ${file.name} …`));
    worker.onerror = () => show(banner('bad', 'The verifier did not start', 'Switch scripts off for this page to have the file verified by the server, or use the command below.'));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if (worker !== running) return;
      if (data.failed) {
        worker.onerror();
        return;
      }
      const answer = JSON.parse(data.answer);
      mark(keys, answer.no_key === undefined ? '' : noKey(answer.no_key));
      show(...shown(answer, file.name));
    };
    try {
      const pack = await file.arrayBuffer();
      worker.postMessage({ script: new URL(script, location).href, wasm: new URL(wasm, location).href, pack, keys: keys.value }, [pack]);
    } catch {
      show(banner('bad', 'The file cannot be read', 'It may have been moved or changed while it was read. Choose it again.'));
    }
    return undefined;
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    verify();
  });
  input.addEventListener('change', () => { if (input.files.length > 0) verify(); });
  // Where the script runs, the file stays here, and the words say so.
  for (const one of document.querySelectorAll('[data-scripts]')) one.hidden = one.dataset.scripts !== 'on';
}

if (typeof document === 'undefined') self.onmessage = work;
else page(document.getElementById('verify'));
