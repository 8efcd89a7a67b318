// The one way the browser's own modules talk to the server: JSON, the page's token, problems as errors.

/** A problem document (RFC 9457) as an error; `detail` is a sentence in the reader's language. */
export class Problem extends Error {
  constructor(document, status) {
    super(document.detail ?? document.title ?? String(status))
    this.name = 'Problem'
    this.status = status
    this.code = String(document.type ?? '').split(':').pop()
    this.document = document
  }
}

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? ''

/**
 * Ask the server. `body` is sent as JSON, a FormData as a form with its files; GET without one.
 * Rejects with Problem for an error answer and with the browser's own error when nothing answers.
 */
export async function ask(url, { method = 'GET', body, headers = {}, signal } = {}) {
  const sent = { Accept: 'application/json', ...headers }
  if (method !== 'GET') sent['X-CSRFToken'] = token()
  const form = body instanceof FormData
  if (body !== undefined && !form) sent['Content-Type'] = 'application/json'
  const answer = await fetch(url, {
    method,
    headers: sent,
    body: body === undefined || form ? body : JSON.stringify(body),
    credentials: 'same-origin',
    signal,
  })
  const type = answer.headers.get('Content-Type') ?? ''
  const content = type.includes('json') ? await answer.json() : null
  if (!answer.ok) throw new Problem(content ?? {}, answer.status)
  return content
}

/** The query parameters of this page that every request must carry: the day and what was known. */
export function carried(location = window.location) {
  const here = new URLSearchParams(location.search)
  const kept = new URLSearchParams()
  for (const name of ['as_of', 'known_at']) if (here.get(name)) kept.set(name, here.get(name))
  return kept
}
