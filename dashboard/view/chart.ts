import { type Html, html } from '../html.ts'
import { counted } from './texts.ts'

/** Bars drawn on the server: no script, each with its figure as a title. The same figures stand in a table below. */

const WIDTH = 720
const HEIGHT = 120
const GAP = 1

export type Bar = { readonly label: string; readonly value: number }

/** Renders bars, the oldest first; `name` says what they show. */
export function barChart(name: string, bars: readonly Bar[], unit: string): Html {
  const peak = Math.max(0, ...bars.map(({ value }) => value))
  const highest = Math.max(1, peak)
  const step = WIDTH / Math.max(1, bars.length)
  const rects = bars.map(({ label, value }, at) => {
    const height = (value / highest) * HEIGHT
    return html`<rect x="${(at * step).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${Math.max(1, step - GAP).toFixed(1)}" height="${height.toFixed(1)}"><title>${label}: ${counted(value)} ${unit}</title></rect>`
  })
  return html`<figure class="card chart"><figcaption>${name} <span class="quiet">peak ${counted(peak)} ${unit}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${name}">${rects}</svg></figure>`
}
