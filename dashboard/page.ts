import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Response } from 'express'
import { type Html, html } from './html.ts'
import { ownPagePolicy } from './security.ts'

/**
 * The frame of our own pages: head, stylesheet, content policy.
 * Guarantees: it works without scripts. Must not contain anything specific to one page.
 */

const STYLE =
  readFileSync(new URL('./dashboard.css', import.meta.url), 'utf8') +
  readFileSync(new URL('./console.css', import.meta.url), 'utf8')
const POLICY = ownPagePolicy(createHash('sha256').update(STYLE).digest('base64'))

/** The product's logo, as a data URL that needs no request. */
export const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/>' +
    '<g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">' +
    '<path d="M8 11h9a5.5 5.5 0 0 1 0 11H10"/><path d="m13.5 18-4 4 4 4"/></g></svg>',
)}`

/** Sends a whole page; `bar` is shown beside the product's name, and `refreshSeconds` makes the browser reload the page. */
export function sendPage(
  response: Response,
  page: { title: string; body: Html; bar?: Html; status?: number; refreshSeconds?: number },
): void {
  const { title, body, bar, status = 200, refreshSeconds } = page
  if (refreshSeconds !== undefined) response.set('Refresh', String(refreshSeconds))
  response.set('Content-Security-Policy', POLICY)
  response
    .status(status)
    .type('html')
    .send(document(title, body, bar).markup)
}

function document(title: string, body: Html, bar: Html | undefined): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Afterturn</title>
<link rel="icon" href="${LOGO}">
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header>
<span class="brand"><img src="${LOGO}" alt="" width="28" height="28">Afterturn</span>
${bar}
</header>
<main id="content" tabindex="-1">
${body}
</main>
</body>
</html>
`
}
