/** A typo has at most this many wrong letters, and never half of the name. */
const MAX_TYPOS = 3

/** Finds the name that somebody may have meant; undefined if none is close. */
export function closestName(given: string, names: readonly string[]): string | undefined {
  const most = Math.min(MAX_TYPOS, Math.floor((given.length - 1) / 2))
  const [closest] = names
    .filter((name) => Math.abs(name.length - given.length) <= most)
    .map((name) => ({ name, typos: countTypos(given, name) }))
    .filter(({ typos }) => typos <= most)
    .sort((a, b) => a.typos - b.typos)
  return closest?.name
}

/** Counts the letters that are wrong, missing or too many: the distance of Levenshtein, row by row. */
function countTypos(given: string, name: string): number {
  let above = Array.from({ length: name.length + 1 }, (_, at) => at)
  for (const [row, letter] of [...given].entries()) {
    const current = [row + 1]
    for (let at = 1; at <= name.length; at++) {
      const [left = 0, up = 0, corner = 0] = [current[at - 1], above[at], above[at - 1]]
      current.push(Math.min(left + 1, up + 1, corner + (letter === name[at - 1] ? 0 : 1)))
    }
    above = current
  }
  return above.at(-1) ?? 0
}
