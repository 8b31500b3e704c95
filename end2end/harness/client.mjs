// A browser without a screen: cookies, forms and redirects over HTTP, for what is quicker or sharper without a page.

import { randomUUID } from 'node:crypto';
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

export class Client {
  /** Speaks to a server; `headers` go with every request. */
  constructor(server, headers = {}) {
    this.server = server;
    this.headers = headers;
    this.cookies = new Map();
  }

  /** One request, redirects not followed. Fields of a form may be an object or pairs; a `body` goes out as it is. */
  request(method, path, { form, body = form ? new URLSearchParams(form).toString() : undefined, headers = {} } = {}) {
    const cookie = [...this.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const sent = {
      ...(cookie && { cookie }),
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        origin: this.server.url,
        'sec-fetch-site': 'same-origin',
      }),
      ...this.headers,
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.server.url}${path}`, { method, agent, headers: sent }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          this.#keep(response.headers['set-cookie'] ?? []);
          const { statusCode, headers: got } = response;
          const bytes = Buffer.concat(parts);
          resolve({ status: statusCode, headers: got, location: got.location, bytes, body: bytes.toString('utf8') });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  get(path, options) {
    return this.request('GET', path, options);
  }

  /** Sends a form under a key of its own, so that it is carried out. */
  post(path, form = {}, options = {}) {
    return this.request('POST', path, { form: Array.isArray(form) ? [['idem', randomUUID()], ...form] : { idem: randomUUID(), ...form }, ...options });
  }

  /** Sends a form with files: `fields` as pairs, `files` by their names, all under one field. */
  upload(path, fields, field, files) {
    const border = `----${randomUUID()}`;
    const part = (head, body) => [Buffer.from(`--${border}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')];
    const parts = [
      ...fields.flatMap(([name, value]) => part(`name="${name}"`, value)),
      ...Object.entries(files).flatMap(([name, body]) => part(`name="${field}"; filename="${name}"\r\nContent-Type: text/csv`, body)),
      Buffer.from(`--${border}--\r\n`),
    ];
    return this.request('POST', path, { body: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${border}` } });
  }

  #keep(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const gone = attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute));
      if (gone || value === '') this.cookies.delete(name);
      else this.cookies.set(name, { value, attributes });
    }
  }

  /** The cookies as a browser's context takes them. */
  browserCookies() {
    return [...this.cookies].map(([name, { value }]) => ({ name, value, url: this.server.url, httpOnly: true, sameSite: 'Lax' }));
  }
}

/** The value of a hidden field in a page. */
export function hidden(html, name) {
  const tags = html.match(/<input\b[^>]*>/g) ?? [];
  const tag = tags.find((text) => text.includes(`name="${name}"`) && text.includes('type="hidden"'));
  return tag?.match(/value="([^"]*)"/)?.[1] ?? '';
}

/** The text of a page without its markup. */
export function words(html) {
  const main = html.replace(/^[\s\S]*?<main\b/, '<main').replace(/<\/main>[\s\S]*$/, '');
  return main.replace(/<!--[\s\S]*?-->/g, '').replace(/<[^>]+>/g, ' ').replace(/&quot;/g, '"').replace(/&#x27;|&#39;/g, '’')
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();
}
