import { describe, expect, it } from 'vitest'
import { withoutMacros } from '../../../../../../workers/repo/parsing/syntax/mask-macros.ts'
import { cpuMsOf } from '../../../../../helpers/cpu-time.ts'

/** The text that the grammars of C and C++ are given to read. */

const squeezed = (text: string) => withoutMacros('cpp', text).replace(/[ \t]+/g, ' ')

describe('macros that a grammar takes for a type or a name', () => {
  it.each([
    ['class API_EXPORT Cache : public Base {', 'class Cache : public Base {'],
    ['class CAPABILITY("mutex") Mutex final {', 'class Mutex final {'],
    ['struct FMT_API formatter<int> {', 'struct formatter<int> {'],
    ['LUA_API lua_CFunction lua_atpanic (lua_State *L) {', ' lua_CFunction lua_atpanic (lua_State *L) {'],
    ['struct dir {\n  int a;\n  DIR_FIELDS\n};', 'struct dir {\n int a;\n \n};'],
    ['TEST(Skip, Concurrent) {', 'void Skip_Concurrent() {'],
    ['TEST_IMPL(fs_event) {', 'void fs_event() {'],
  ])('are blank in %s', (text, expected) => {
    expect(squeezed(text)).toBe(expected)
    expect(withoutMacros('cpp', text)).toHaveLength(text.length)
  })

  it.each([
    'class Cache {',
    'struct FILE;',
    'FILE *open(const char *path) {',
    'UINT count(void) {',
    'LIST_INSERT(head, item);',
    '#define MAX_SIZE 3',
  ])('are none in %s', (text) => {
    expect(withoutMacros('cpp', text)).toBe(text)
  })

  it('stay in other languages', () => {
    expect(withoutMacros('java', 'class API Cache {')).toBe('class API Cache {')
  })
})

describe('conditions that leave a brace open', () => {
  const LOOP = ['void f() {', '#ifdef ONCE', '  while (a) {', '#else', '  for (;;) {', '#endif', '  }', '}']

  it('keep one branch, and the rest as it is', () => {
    const kept = withoutMacros('c', LOOP.join('\n')).split('\n')
    expect(kept.map((line) => line.trimEnd())).toEqual(['void f() {', '', '  while (a) {', '', '', '', '  }', '}'])
  })

  it('are found around others, and beside braces in comments and strings', () => {
    const text = '#if A\n#if B\nif (x) { // {\n#endif\n#else\ny("}");\n#endif\n}\n/* { */\n#ifdef C\nz();\n#endif\n'
    const kept = withoutMacros('c', text)
    expect(
      kept
        .replace(/ +/g, ' ')
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['', '', 'if (x) { // {', '', '', '', '', '}', '/* { */', '#ifdef C', 'z();', '#endif', ''])
    expect(kept).toHaveLength(text.length)
  })

  it.each([
    '#if A\nint a;\n#else\nint b() { return 1; }\n#endif\n',
    '#define BEGIN { \\\n  {\nint a;\n',
    '#endif\n#else\n}',
  ])('are none in %j', (text) => {
    expect(withoutMacros('c', text)).toBe(text)
  })

  it.each(['#if A\n{\n', '#else\n', '"', '/*', 'class A ', 'A\n', 'TEST(', "'{"])('end in time: %j', async (piece) => {
    const text = piece.repeat(Math.ceil(300_000 / piece.length))
    expect(await cpuMsOf(() => withoutMacros('cpp', text))).toBeLessThan(500)
  })
})
