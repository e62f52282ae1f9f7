/**
 * A text of any length within a number of UTF-16 units: its beginning and its end, where people say what they want, and a mark between them.
 * Never half a surrogate pair.
 */
export function cutMiddle(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const half = Math.floor((maxLength - MARK.length) / 2)
  return `${whole(text.slice(0, half))}${MARK}${whole(text.slice(-half))}`
}

const MARK = ' … '

function whole(part: string): string {
  return part.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')
}
