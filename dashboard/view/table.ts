import { type Html, html } from '../html.ts'

/** Owns tables and lists of facts. On a narrow screen a row becomes a card, so the roles of its cells are explicit. */

export type Column = {
  readonly title: string
  /** `count`: right-aligned figures; `wide`: texts and ids of strangers, which break anywhere and take a whole line of the card. @default our own words */
  readonly kind?: 'count' | 'wide'
}

type Cell = Html | string

/** The columns of dead letters, wherever they are listed. */
export const LETTER_COLUMNS = [
  { title: 'Id' },
  { title: 'Of', kind: 'wide' },
  { title: 'Org', kind: 'wide' },
  { title: 'Queue' },
  { title: 'Died', kind: 'wide' },
  { title: 'Reason', kind: 'wide' },
] as const

/** Renders rows, or the text for none. The first column names the row. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], empty: string): Html {
  if (rows.length === 0) return html`<p class="card empty">${empty}</p>`
  return html`<table class="card rows" role="table">
<thead role="rowgroup"><tr role="row">${columns.map(({ title, kind }) => html`<th role="columnheader" scope="col" class="${kind}">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  (cells) => html`<tr role="row">${columns.map((column, at) => cellOf(column, cells[at] ?? '', at === 0))}</tr>
`,
)}</tbody>
</table>`
}

function cellOf({ title, kind }: Column, cell: Cell, isFirst: boolean): Html {
  return isFirst
    ? html`<th role="rowheader" scope="row" class="wide">${cell}</th>`
    : html`<td role="cell" class="${kind}" data-label="${title}">${cell}</td>`
}

/** Renders names with their values; what is undefined is left out. */
export function facts(entries: readonly (readonly [name: string, value: Cell | undefined])[]): Html {
  const known = entries.filter((entry): entry is readonly [string, Cell] => entry[1] !== undefined)
  return html`<dl class="card facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Renders a figure with its label; `to` makes it a link to the rows behind it. */
export function tile(figure: {
  readonly label: string
  readonly value: string
  readonly note: string
  readonly to?: string
  readonly tone?: 'bad' | 'warn' | 'words' | undefined
}): Html {
  const { label, value, note, to, tone } = figure
  const shown = to === undefined ? html`${value}` : html`<a href="${to}">${value}</a>`
  return html`<div class="card tile ${tone}"><dt>${label}</dt><dd class="value">${shown}</dd><dd class="note">${note}</dd></div>`
}

/** Renders the way to older rows. */
export function olderLink(to: string | undefined): Html {
  return to === undefined ? html`` : html`<p><a href="${to}" rel="next">Older</a></p>`
}
