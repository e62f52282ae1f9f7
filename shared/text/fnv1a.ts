export const FNV_BASIS = 0x811c9dc5
export const FNV_PRIME = 0x01000193

/**
 * A hash of a part of a text by its UTF-16 units, 32 bits without a sign; fast, and no defence against who wants collisions.
 * Source: Fowler, Noll and Vo, FNV-1a.
 */
export function fnv1a(text: string, from = 0, to = text.length): number {
  let hash = FNV_BASIS
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
  return hash >>> 0
}
