/** HTML templates. Guarantees: every value in a template is escaped, unless it is itself the result of one. */

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A piece of HTML that is safe to send. */
export type Html = { readonly markup: string }
type Value = string | number | Html | readonly Html[] | undefined

/** The tag of an HTML template: `html\`<p>${name}</p>\``. `undefined` inserts nothing; attribute values must be quoted. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return { markup: parts.reduce((markup, part, index) => markup + render(values[index - 1]) + part) }
}

function render(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return 'markup' in value ? value.markup : value.map((item) => item.markup).join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
