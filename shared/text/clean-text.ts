/** What a person typed as one line, cut: names and reasons are shown in terminals and on a page. */
export function cleanText(text: string, maxLength: number): string {
  const line = text.toWellFormed().replace(/\p{Cc}+/gu, ' ')
  return line.trim().slice(0, maxLength).toWellFormed()
}
