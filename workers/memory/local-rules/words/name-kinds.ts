import { wordVectors } from '../../../../shared/ai/local/word-vectors.ts'

/**
 * Tells what kind of thing a capitalised word names, by the company that the word keeps in English texts (GloVe), and by the names of countries
 * and time zones. A word that is in no table has no kind: whoever asks must not act on it.
 */

type NameKind = 'place' | 'person' | 'company' | 'tool' | 'thing'

/** Each kind is the middle of these words. */
const EXAMPLES: Readonly<Record<NameKind, string>> = {
  place:
    'london paris berlin madrid rome tokyo chicago boston seattle denver lisbon vienna munich hamburg stockholm oslo dublin prague warsaw moscow delhi mumbai beijing shanghai sydney melbourne toronto germany france spain italy canada brazil india mexico texas california scotland amsterdam rotterdam atlanta tampa houston austin portland leeds bristol braga salamanca trieste',
  person:
    'anna maria john david peter sarah emma thomas michael laura james robert susan karen kevin lisa daniel paul mark jessica brian helen alice tom eva leo maya nora sam ana ben',
  company:
    'google microsoft siemens philips shell boeing toyota nokia ibm intel sony samsung nestle pfizer bosch volkswagen accenture deloitte walmart amazon',
  tool: 'windows linux java python javascript mysql photoshop excel gmail chrome firefox iphone android software app browser server database',
  thing:
    'plan row seat room floor level chapter page step table desk house home work job meeting phase section option stage squad group office',
}
/** Cosine: below it the nearest kind is an accident. */
const MIN_NEARNESS = 0.22

/** Cities have first names as well; beyond this a name is one of people only. */
const PERSON_LEAD = 0.2

let centres: readonly (readonly [NameKind, Float64Array])[] | undefined
let atlas: ReadonlySet<string> | undefined

/** What the words of a name mean together; undefined where no table has them. */
export function nameKind(name: string): NameKind | undefined {
  const [kind, nearness] = nearnessOf(name)?.[0] ?? []
  return nearness !== undefined && nearness >= MIN_NEARNESS ? kind : undefined
}

/** Whether people can live there. */
export function isPlace(name: string): boolean {
  if (/\d/.test(name)) return false
  if (placeNames().has(name.toLowerCase())) return true
  const near = new Map(nearnessOf(name) ?? [])
  const place = near.get('place') ?? 0
  const others = (['company', 'tool', 'thing'] as const).map((kind) => near.get(kind) ?? 0)
  const isPerson = (near.get('person') ?? 0) - place > PERSON_LEAD
  return place >= MIN_NEARNESS && !isPerson && others.every((other) => place > other)
}

/** Kinds by falling nearness. */
export function nearnessOf(name: string): [NameKind, number][] | undefined {
  const vectors = wordVectors()
  const ranks = name
    .toLowerCase()
    .split(/[\s-]/)
    .flatMap((word) => vectors.rankOf(word) ?? [])
  if (ranks.length === 0) return undefined
  const sum = sumOf(ranks)
  return kindCentres()
    .map(([kind, centre]): [NameKind, number] => [kind, dot(sum, centre)])
    .sort((a, b) => b[1] - a[1])
}

function kindCentres() {
  centres ??= Object.entries(EXAMPLES).map(([kind, words]) => {
    const ranks = words.split(' ').flatMap((word) => wordVectors().rankOf(word) ?? [])
    return [kind as NameKind, sumOf(ranks)] as const
  })
  return centres
}

/** Of unit length. */
function sumOf(ranks: readonly number[]): Float64Array {
  const vectors = wordVectors()
  const sum = new Float64Array(vectors.dims)
  for (const rank of ranks) vectors.addTo(sum, 0, rank, 1)
  const length = Math.sqrt(dot(sum, sum)) || 1
  return sum.map((value) => value / length)
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

function placeNames(): ReadonlySet<string> {
  if (atlas) return atlas
  const cities = Intl.supportedValuesOf('timeZone').map((zone) => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? '')
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const countries = letters.flatMap((a) => letters.flatMap((b) => names.of(a + b) ?? []))
  atlas = new Set([...cities, ...countries].map((name) => name.toLowerCase()))
  return atlas
}
