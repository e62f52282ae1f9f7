import { expect, it } from 'vitest'
import { readSections } from '../../../../../workers/repo/parsing/read-sections.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** Headings are read to the letter, and in linear time whoever wrote them. */

const names = (language: string, ...lines: string[]) => readSections(language, lines).map(({ name }) => name)

it('closes a heading of Markdown by marks behind a space only', () => {
  expect(
    names('markdown', '# Plain', '# Closed ##', '# C#', '# `code` *em*  ', '# #', '# a # b', '', 'Under', '====='),
  ).toEqual(['Plain', 'Closed', 'C#', 'code em', 'a # b', 'Under'])
})

it('ends a statement of SQL at its semicolon, whatever comment is behind it', () => {
  const lines = [
    'create table a (b int); -- first -- of two',
    'create table c (',
    "  d text default '--');",
    'create view e as select 1',
  ]
  expect(names('sql', ...lines)).toEqual(['a', 'c', 'e'])
})

it('reads lines of 100,000 characters that would have kept a regular expression busy', async () => {
  const long = 50_000
  const read = () => {
    for (const text of [
      `# a${' '.repeat(long)}x`,
      `# ${'# '.repeat(long)}x`,
      `${' '.repeat(long)}=x`,
      `#${'#'.repeat(long)}`,
    ])
      readSections('markdown', [text])
    for (const text of [
      `;${'; '.repeat(long)}x`,
      `${';--'.repeat(long)}\u2028x`,
      `${'--'.repeat(long)}`,
      `${' '.repeat(long)}create`,
    ])
      readSections('sql', [text])
    for (const text of [`[${' '.repeat(long)}`, `[[${']'.repeat(long)}`]) readSections('toml', [text])
  }
  expect(await cpuMsOf(read)).toBeLessThan(1_000)
})
