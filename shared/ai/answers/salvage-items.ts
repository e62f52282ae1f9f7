/**
 * Owns what can be saved of an answer that is not the JSON it should be: cut off, wrapped in prose, or with items of a wrong shape.
 * Guarantees: linear time; an item is complete or left out. It repairs nothing.
 */

/** `isWhole`: the list was opened and closed. */
type Salvaged = { readonly items: readonly unknown[]; readonly isWhole: boolean }

/** The complete objects and lists of the last list that stands under a key, wherever in the text; none if there is no such list. */
export function salvageItems(text: string, key: string): Salvaged {
  const opening = new RegExp(`"${key}"\\s{0,20}:\\s{0,20}\\[`, 'g')
  let last: Salvaged = { items: [], isWhole: false }
  // Models draft before they answer: a later list takes the place of an earlier one.
  for (let opened = opening.exec(text); opened; opened = opening.exec(text)) {
    const { end, ...list } = readList(text, opening.lastIndex)
    opening.lastIndex = end
    last = list
  }
  return last
}

function readList(text: string, from: number): Salvaged & { readonly end: number } {
  const items: unknown[] = []
  let depth = 0
  let start = 0
  let isInString = false
  for (let index = from; index < text.length; index += 1) {
    const character = text[index]
    if (isInString) {
      if (character === '\\') index += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      if (depth === 0) start = index
      depth += 1
    } else if (character === '}' || character === ']') {
      if (depth === 0) return { items, isWhole: true, end: index + 1 }
      depth -= 1
      if (depth === 0) items.push(...parsed(text.slice(start, index + 1)))
    }
  }
  return { items, isWhole: false, end: text.length }
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)]
  } catch {
    return []
  }
}
