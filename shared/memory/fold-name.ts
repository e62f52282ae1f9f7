/** Characters that nobody sees. */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu
/** What apps write where they have no name. */
const ROLE_NAMES = new Set(['', 'user', 'human', 'customer', 'assistant', 'ai', 'bot'])

/** A name in the one form in which names are compared: whatever the case, the width, the spaces and what nobody sees. */
export function foldName(name: string): string {
  // Upper case first: it makes one of letters that have several small forms.
  const folded = name.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase().normalize('NFKC')
  return folded.split(/\s/).filter(Boolean).join(' ')
}

/** Whether a name tells one speaker from another. */
export function isTellingName(name: string | null | undefined): boolean {
  return !ROLE_NAMES.has(foldName(name ?? ''))
}
