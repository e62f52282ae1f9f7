import type { ContentPart } from '../conversation.ts'

/** Owns the words that stand for a part which an API has no form for; none for thoughts, which are nobody else's. */

const THOUGHTS = /thinking|reasoning|^step-start$|^source|^item_reference$|^compaction$/

/** The part in words; empty where it needs none. */
export function describePart(part: ContentPart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'refusal':
      return part.refusal
    case 'omitted': {
      const { of, mediaType, bytes, sha256 } = part
      return `[${mediaType ?? of.replace('_url', '')} of ${bytes} bytes, which were not recorded; SHA-256 ${sha256}]`
    }
    case 'opaque': {
      const type = String((part.value as { readonly type?: unknown } | null)?.type ?? 'part')
      return THOUGHTS.test(type) ? '' : `[${type} of ${part.format}, which has no form here]`
    }
    default:
      return `[${part.type.replace('_url', '')}, which has no form here]`
  }
}
