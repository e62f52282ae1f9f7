import type { ContentPart } from '../../conversation.ts'
import { isCommonImage, readDataUrl, typedImageUrl } from '../../formats/data-urls.ts'

/**
 * Owns which pictures and files an API takes. What was recorded in the form of the chat API goes back to the server that took it; what came from
 * another API goes where all of its kind go.
 */

/** The AI SDK makes of each file what its provider takes. */
const TAKES_ALL: readonly (string | undefined)[] = ['ai-sdk', 'ai-sdk-ui']
const PDF = 'application/pdf'
/** OpenAI's API wants a name for each file. */
const UNNAMED = 'document.pdf'
const SEEN_OR_HEARD = /^(?:image|audio|video)\//

/** The part as an API takes it, with the type that its bytes have and with a name; undefined where it takes none of its kind. */
export function requestMedia(part: ContentPart, kept: string | undefined): ContentPart | undefined {
  if (TAKES_ALL.includes(kept)) return part
  const isOwn = kept === undefined && !Object.hasOwn(part, 'origin')
  if (part.type === 'image_url') {
    const url = typedImageUrl(part.image_url.url)
    if (!isOwn && kept !== 'gemini' && !isCommonImage(url)) return undefined
    return url === part.image_url.url ? part : { ...part, image_url: { ...part.image_url, url } }
  }
  if (part.type !== 'file' || kept === 'gemini') return part
  const { file_data: data, filename } = part.file
  if (data === undefined) return part
  const type = readDataUrl(data)?.mediaType ?? PDF
  const isTaken = isOwn || type === PDF || (kept === 'responses' && !SEEN_OR_HEARD.test(type))
  if (!isTaken) return undefined
  return filename ? part : { ...part, file: { ...part.file, filename: UNNAMED } }
}
