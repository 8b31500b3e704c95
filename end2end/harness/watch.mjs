// Listens to everything a page complains about: console, errors, refused policies, requests that fail.

import assert from 'node:assert/strict';

/** Runs in every page before its own scripts. */
const TELL = `addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP: ' + event.effectiveDirective + ' refused ' + (event.blockedURI || 'something') + ' ' + event.sample));`;

/** The complaints of all pages of a context. */
export async function watch(context, { scripts }) {
  const complaints = [];
  // The browser writes an error for every page that is not 2xx, which a form with mistakes rightly is not.
  const expected = new Set();
  await context.addInitScript({ content: TELL });
  context.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.status() >= 400 && response.status() < 500) expected.add(response.url());
  });
  context.on('console', (message) => {
    const { url } = message.location();
    const status = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
    if (status && expected.has(url.split('#')[0])) return;
    // The islands wait for the browser to be idle. On a busy machine that is later than the browser expects of a
    // preloaded file, and it says so; how long something takes is for the benchmarks.
    if (message.type() === 'warning' && message.text().includes('was preloaded using link preload but not used within a few seconds')) return;
    if (['error', 'warning', 'assert'].includes(message.type()) || message.text().startsWith('Refused to')) {
      complaints.push(`${message.type()}: ${message.text()} (${url})`);
    }
  });
  context.on('weberror', (error) => complaints.push(`page error: ${error.error()?.stack ?? error.error()}`));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // Where scripts are off, the browser refuses to load them and calls that a policy.
    if (!scripts && reason === 'csp' && request.resourceType() === 'script') return;
    // A page that is left gives up what it was still loading; a download ends the navigation that asked for it.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`request failed: ${request.url()} ${reason}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} at ${response.url()}`);
  });
  return { check: () => assert.deepEqual(complaints.splice(0), [], 'pages complained') };
}
