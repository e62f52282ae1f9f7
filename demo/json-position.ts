/**
 * Owns the way from a path inside a JSON text back to a line, so that a fault in a big file can be shown where it is.
 * It expects text that JSON.parse has accepted; on anything else it answers line 1.
 */
type JsonPath = readonly (string | number)[]

/** The line, counted from 1, on which the value at `path` starts; for a path that does not exist, its deepest existing parent. */
export function lineOfJsonPath(text: string, path: JsonPath): number {
  let at = skipSpace(text, 0)
  for (const step of path) {
    const next = typeof step === 'number' ? elementStart(text, at, step) : memberStart(text, at, step)
    if (next === undefined) break
    at = next
  }
  return lineOfOffset(text, at)
}

/** The line, counted from 1, that holds the character at `offset`. */
export function lineOfOffset(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

function elementStart(text: string, arrayStart: number, index: number): number | undefined {
  if (text[arrayStart] !== '[') return undefined
  let at = skipSpace(text, arrayStart + 1)
  for (let passed = 0; text[at] !== ']' && at < text.length; passed++) {
    if (passed === index) return at
    at = skipComma(text, skipValue(text, at))
  }
  return undefined
}

function memberStart(text: string, objectStart: number, name: string): number | undefined {
  if (text[objectStart] !== '{') return undefined
  let at = skipSpace(text, objectStart + 1)
  while (text[at] === '"') {
    const keyEnd = skipString(text, at)
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1)
    if (JSON.parse(text.slice(at, keyEnd)) === name) return value
    at = skipComma(text, skipValue(text, value))
  }
  return undefined
}

function skipValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (char === '"') at = skipString(text, at) - 1
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    else if (char !== ',' || depth > 0) continue
    if (depth < 0 || (depth === 0 && char === ',')) return at
    if (depth === 0) return at + 1
  }
  return text.length
}

function skipString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

function skipComma(text: string, start: number): number {
  const at = skipSpace(text, start)
  return text[at] === ',' ? skipSpace(text, at + 1) : at
}
