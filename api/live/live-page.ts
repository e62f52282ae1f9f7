import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'

/**
 * Owns the page `/live` of development: it shows a stream arriving, and continues by its cursor when the connection is cut. The key stays in the page.
 * Must not be served in production: a page that is given a key teaches people to type keys into pages.
 */
export function serveLivePage(): RequestHandler {
  return (_request, response) => {
    const nonce = randomBytes(16).toString('base64')
    response
      .set(
        'Content-Security-Policy',
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; frame-ancestors 'none'`,
      )
      .type('html')
      .send(pageOf(nonce))
  }
}

function pageOf(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Live stream</title>
<style nonce="${nonce}">
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  label { display: block; margin: 0.5rem 0; }
  input { font: inherit; width: 100%; box-sizing: border-box; }
  li { overflow-wrap: anywhere; }
</style>
<h1>Live stream</h1>
<form>
  <label>Org <input name="org" required></label>
  <label>Stream, its parts separated by /, such as workflow/42/execution/1337 <input name="stream" required></label>
  <label>API key <input name="key" type="password" required autocomplete="off"></label>
  <button>Follow</button>
</form>
<p role="status">Not connected.</p>
<ol></ol>
<script nonce="${nonce}">
const form = document.querySelector('form')
const [status, list] = [document.querySelector('[role=status]'), document.querySelector('ol')]
let stop = new AbortController()
form.addEventListener('submit', (submit) => {
  submit.preventDefault()
  stop.abort()
  stop = new AbortController()
  list.replaceChildren()
  follow(Object.fromEntries(new FormData(form)), stop.signal)
})
async function follow({ org, stream, key }, signal) {
  const path = stream.split('/').map(encodeURIComponent).join('/')
  let after = ''
  while (!signal.aborted) {
    const headers = { accept: 'text/event-stream', authorization: 'Bearer ' + key, ...(after && { 'last-event-id': after }) }
    const response = await fetch('/v1/orgs/' + encodeURIComponent(org) + '/events/' + path, { headers, signal }).catch(() => undefined)
    if (response?.status === 204) return void (status.textContent = 'The stream has ended.')
    if (response && !response.ok) return void (status.textContent = 'Refused: ' + response.status)
    if (response) status.textContent = 'Connected.'
    const decoder = new TextDecoder()
    const reader = response?.body.getReader()
    for (let rest = ''; reader; ) {
      const { value, done } = await reader.read().catch(() => ({ done: true }))
      if (done) break
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\\n\\n')
      rest = blocks.pop()
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
        after = fields.id ?? after
        if (fields.data === undefined) continue
        const item = document.createElement('li')
        item.textContent = fields.event + ' ' + fields.data
        list.append(item)
      }
    }
    if (signal.aborted) return
    status.textContent = 'Connecting again.'
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
</script>
</html>
`
}
