import { describe, expect, it } from 'vitest'
import { joinSame, takeDocComments } from '../../../bench/inputs/doc-comments.ts'

function questionsOf(path: string, language: string, lines: readonly string[]): string[] {
  const startLine = lines.findIndex((line) => /^(?:public )?(?:void|def) /.test(line)) + 1
  const symbol = { name: 'run', kind: 'method', startLine, endLine: lines.length, scope: '' }
  return takeDocComments(path, language, lines.join('\n'), [symbol]).questions.map(({ text }) => text)
}

describe('questions of doc comments', () => {
  it('keep what a tag of C# names, and end with the summary', () => {
    const questions = questionsOf('Pump.cs', 'c-sharp', [
      '/// <summary>Fills the <see cref="Tank.Level(int)"/> unless it is <see langword="null"/>.</summary>',
      '/// <param name="litres">How much to pump.</param>',
      'public void Run(int litres)',
      '{',
      '}',
    ])
    expect(questions).toEqual(['Fills the Tank.Level unless it is null.'])
  })

  it.each([
    ['a directive of C# is none', 'Pump.cs', 'c-sharp', '#if HAS_PUMP', '// Starts the pump after a while.'],
    ['a directive of C++ is none', 'pump.cpp', 'cpp', '#ifdef HAS_PUMP', '// Starts the pump after a while.'],
  ])('%s', (_, path, language, directive, comment) => {
    expect(questionsOf(path, language, [directive, comment, 'void run() {', '}'])).toEqual([
      'Starts the pump after a while.',
    ])
  })

  it('are comments with # where these are comments', () => {
    const lines = ['# Starts the pump', '# after a while.', 'def run', '  start', 'end']
    expect(questionsOf('pump.rb', 'ruby', lines)).toEqual(['Starts the pump after a while.'])
  })
})

describe('questions that say the same', () => {
  const ask = (text: string, line: number, language = 'rust') => ({ text, path: 'a.rs', line, language })

  it('are one, which each of their functions answers', () => {
    const joined = joinSame([
      ask('Reads a signed byte in the big order.', 1),
      ask('Read a signed byte in big order', 9),
      ask('Reads an unsigned byte in the big order.', 20),
    ])
    expect(joined.map(({ answers }) => answers.map(({ line }) => line))).toEqual([[1, 9], [20]])
  })

  it('stay two in two languages, of which each is asked alone', () => {
    expect(joinSame([ask('Reads a signed byte.', 1), ask('Reads a signed byte.', 2, 'go')])).toHaveLength(2)
  })
})
