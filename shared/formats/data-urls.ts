/** Owns data URLs: `data:image/png;base64,…`, and the kinds of data that the chat API has a part for. */

const BASE64 = ';base64,'

/** A data URL of base64. */
export function dataUrl(mediaType: string, base64: string): string {
  return `data:${mediaType}${BASE64}${base64}`
}

/** The pieces of a data URL; undefined for any other address. */
export function readDataUrl(url: string): { readonly mediaType: string; readonly base64: string } | undefined {
  const at = url.startsWith('data:') ? url.indexOf(BASE64) : -1
  return at === -1 ? undefined : { mediaType: url.slice('data:'.length, at), base64: url.slice(at + BASE64.length) }
}

/** How each kind of picture begins, in base64. */
const IMAGE_BEGINNINGS = { iVBORw0KGgo: 'image/png', '/9j/': 'image/jpeg', R0lGOD: 'image/gif', UklGR: 'image/webp' }

/** An address of a picture whose type is the one that its bytes have, or else the one that it names, without parameters; other addresses as they are. */
export function typedImageUrl(url: string): string {
  const data = readDataUrl(url)
  if (!data) return url
  const [named = ''] = data.mediaType.toLowerCase().split(';', 1)
  return dataUrl(knownImageType(data.base64) ?? (named === 'image/jpg' ? 'image/jpeg' : named.trim()), data.base64)
}

/** True for an address from which every API that sees takes a picture. */
export function isCommonImage(url: string): boolean {
  const data = readDataUrl(url)
  return data ? Object.values(IMAGE_BEGINNINGS).includes(data.mediaType) : /^https?:/i.test(url)
}

/** The whole media type of a picture of which only `image` is known; png where its bytes tell nothing. */
export function imageTypeOf(base64: string): string {
  return knownImageType(base64) ?? 'image/png'
}

function knownImageType(base64: string): string | undefined {
  return Object.entries(IMAGE_BEGINNINGS).find(([beginning]) => base64.startsWith(beginning))?.[1]
}
