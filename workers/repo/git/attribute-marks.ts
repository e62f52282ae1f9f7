/**
 * Owns what the words of attributes files say of a file: which of them decide, what macros stand for, and what a value means. As git has it: of
 * two that name one attribute the later decides, and a macro stands for others only where it is set.
 */

/** The attributes of a file: true, false for an unset one, undefined where nothing is said. */
export type MarkedAs = {
  vendored?: boolean | undefined
  generated?: boolean | undefined
  binary?: boolean | undefined
  text?: boolean | 'auto' | undefined
  /** The older name of `text`; where both are given, `text` decides. */
  crlf?: boolean | 'auto' | undefined
  eol?: string | undefined
  /** As git's name for it: what the file has in a working tree, while its blob is UTF-8. */
  encoding?: string | undefined
  /** `$Id$` is filled in when git checks it out. */
  ident?: boolean | undefined
  /** As Linguist calls it. */
  language?: string | undefined
}

/** Undefined takes back what was said. */
type AttributeValue = boolean | string | undefined
export type AttributeWord = readonly [name: string, value: AttributeValue]
export type Macros = Map<string, readonly AttributeWord[]>

/** Those that every repository has. */
export function builtInMacros(): Macros {
  return new Map([['binary', [['text', false]]]])
}

export function attributeWordsOf(text: string): AttributeWord[] {
  return text.split(/\s+/).map((word) => {
    const sign = /^[-!]/.exec(word)?.[0]
    const [name = '', value = true] = word.slice(sign?.length ?? 0).split('=', 2)
    return [name, sign === undefined ? value : sign === '-' ? false : undefined]
  })
}

/** @param lines those that hold for one file, the strongest last */
export function marksOf(lines: readonly (readonly AttributeWord[])[], macros: Macros): MarkedAs {
  const said = new Map<string, AttributeValue>()
  const left = lines.flat()
  for (let next = left.pop(); next; next = left.pop()) {
    const [name, value] = next
    if (said.has(name)) continue
    said.set(name, value)
    if (value === true) left.push(...(macros.get(name) ?? []))
  }
  const flag = (name: string) => {
    const value = said.get(name)
    return typeof value === 'string' ? value !== 'false' : value
  }
  const flagOrAuto = (name: string) => (said.get(name) === 'auto' ? 'auto' : flag(name))
  const word = (name: string) => {
    const value = said.get(name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    vendored: flag('linguist-vendored'),
    generated: flag('linguist-generated'),
    binary: flag('binary'),
    text: flagOrAuto('text'),
    crlf: flagOrAuto('crlf'),
    eol: word('eol'),
    encoding: word('working-tree-encoding'),
    ident: flag('ident'),
    language: word('linguist-language'),
  }
}
