/** JSON, with what could open or close a tag or a fence, and what some readers take for a line break or never see, written as escapes. */
export function quoteData(text: string): string {
  return JSON.stringify(text).replace(
    /[<>`\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
