/** Owns data URLs: `data:image/png;base64,…`. */

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
