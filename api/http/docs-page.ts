import { createHash } from 'node:crypto'
import type { OpenApi, OpenApiOperation } from './openapi.ts'

/** Owns `/docs`: the document as one page for people. Guarantees: no script, nothing of other origins, every text is escaped. */

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8886}
h2{margin-top:2.5rem}h3{margin:1.5rem 0 .25rem}summary{cursor:pointer}.method{font-weight:700}`

/** What a browser may do on the page. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`

export function writeDocsPage(document: OpenApi): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags[0] as string)
  const sections = [...groups].map(
    ([name, members]) => `<h2>${escapeHtml(name)}</h2>${members.map(writeOperation).join('')}`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Afterturn API</title><style>${STYLE}</style></head><body><main><h1>Afterturn API</h1>
<p>The same as <a href="/openapi.json">openapi.json</a>. Each request carries <code>Authorization: Bearer KEY</code>.</p>
${sections.join('\n')}<h2>Schemas</h2>${Object.entries(document.components.schemas)
    .map(([name, schema]) => writeDetails(name, schema))
    .join('')}</main></body></html>
`
}

function writeOperation({
  path,
  method,
  operation,
}: {
  path: string
  method: string
  operation: OpenApiOperation
}): string {
  return `<section><h3 id="${escapeHtml(operation.operationId)}"><code><span class="method">${method.toUpperCase()}</span> ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary)}. ${escapeHtml(operation.description)}</p>
${writeDetails('Request', { parameters: operation.parameters, ...operation.requestBody })}
${writeDetails('Answers', operation.responses)}</section>`
}

function writeDetails(name: string, value: object): string {
  return `<details><summary>${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre></details>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
