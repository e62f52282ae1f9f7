import { fnv1a } from '../../shared/text/fnv1a.ts'
import { type LabelledText, labelled } from './labelled-texts.ts'

/**
 * Fills the marks in labelled texts with made-up secrets, so that no file holds what scanners take for a leak. `{pw}` is a password, `{pin}`
 * digits, `{key}` drawn by chance, `{phrase}` words, `{doc}` a document's number; `{a36}` are 36 letters and digits, with `h`, `l`, `u`, `w`, `d`, `b` for other sets.
 */

const SETS: Readonly<Record<string, string>> = {
  a: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  h: '0123456789abcdef',
  l: 'abcdefghijklmnopqrstuvwxyz0123456789',
  u: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  w: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
  d: '0123456789',
  b: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
}
const WORDS = 'kestrel harbour violet anvil copper meadow falcon timber orchid glacier saffron walrus'.split(' ')
const SEED_WORDS =
  'ability orbit kitchen lunar oven pledge ribbon salmon tunnel velvet wagon zebra hazard jungle'.split(' ')

type Draw = (below: number) => number

/** The same numbers for the same line. */
function drawFor(line: string, round: number): Draw {
  let state = fnv1a(`${line} ${round}`)
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function pick<T>(from: readonly T[], draw: Draw): T {
  return from[draw(from.length)] as T
}

function run(set: string, length: number, draw: Draw): string {
  return Array.from({ length }, () => pick([...(SETS[set] as string)], draw)).join('')
}

const PASSWORDS: readonly ((draw: Draw) => string)[] = [
  (draw) => `${pick(WORDS, draw)}${10 + draw(90)}`,
  (draw) => `${pick(WORDS, draw)}-${pick(WORDS, draw)}-${1_000 + draw(9_000)}`,
  (draw) => `${(WORDS[draw(12)] as string).replace(/^./, (letter) => letter.toUpperCase())}!${2_000 + draw(30)}`,
  (draw) => run('a', 10, draw).replace(/^../, 'k7'),
  (draw) => (WORDS[draw(12)] as string).replace(/[aeo]/g, (letter) => ({ a: '4', e: '3', o: '0' })[letter] as string),
]

function drawValue(name: string, draw: Draw): string {
  switch (name) {
    case 'pw':
      return pick(PASSWORDS, draw)(draw)
    case 'pin':
      return String(2_100 + draw(7_000))
    case 'key':
      return `q7${run('a', 28, draw)}4X`
    case 'phrase':
      return Array.from({ length: 12 }, () => pick(SEED_WORDS, draw)).join(' ')
    case 'doc':
      return draw(2) === 0
        ? `${run('u', 2, draw).replace(/\d/g, 'X')}${run('d', 7, draw)}`
        : `${100 + draw(500)}-${10 + draw(89)}-${1_000 + draw(8_999)}`
  }
  return run(name[0] as string, Number(name.slice(1)), draw)
}

/** A line with its marks filled, and the values that must be found in it. */
export function filled(language: string, line: string, round: number): LabelledText {
  const draw = drawFor(line, round)
  const secrets: string[] = []
  const text = line.replaceAll('\\n', '\n').replace(/\{([a-z]+\d*)\}/g, (_, name: string) => {
    const value = drawValue(name, draw)
    if (value.length >= 4) secrets.push(value)
    return value
  })
  return labelled(language, text, line.startsWith('+') ? secrets : [])
}
