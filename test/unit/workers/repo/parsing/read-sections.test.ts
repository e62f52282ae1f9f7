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

it('reads no heading in code that is shown, and no command in a title', () => {
  expect(names('latex', '\\section{B \\emph{c}}', '\\begin{lstlisting}', '\\section{D}', '\\end{lstlisting}')).toEqual([
    'B c',
  ])
  expect(names('latex', '\\begin{quote}', '\\section{Said}', '\\end{quote}')).toEqual(['Said'])
  expect(names('org', '#+begin_src c', '* a', '#+end_src', '* Orders', '#+title: B')).toEqual(['Orders'])
  expect(names('org', '#+begin_quote', '* Said')).toEqual(['Said'])
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

it.each([
  [
    'SQL Server',
    'USE [Shop]\nGO\nCREATE TABLE [dbo].[Order Details](\n  [Id] int\n)\nGO\nCREATE OR ALTER PROC [dbo].[usp_Get] @Id INT\nAS\nBEGIN\n  SET NOCOUNT ON;\n  SELECT 1;\nEND\nGO\nCREATE UNIQUE NONCLUSTERED INDEX [IX] ON dbo.x (a)\nGO',
    [
      ['table', 'dbo.Order Details'],
      ['function', 'dbo.usp_Get'],
      ['index', 'IX'],
    ],
  ],
  [
    'MySQL',
    'CREATE TABLE `orders` (\n  `id` int\n) ENGINE=InnoDB;\nDELIMITER ;;\nCREATE DEFINER=`root`@`%` PROCEDURE `refresh`(IN p INT)\nBEGIN\n  UPDATE orders SET a = p;\nEND ;;\nDELIMITER ;\nCREATE ALGORITHM=MERGE VIEW `big` AS SELECT 1;',
    [
      ['table', 'orders'],
      ['function', 'refresh'],
      ['view', 'big'],
    ],
  ],
  [
    'Oracle',
    'CREATE OR REPLACE PACKAGE BODY hr AS\n  PROCEDURE pay IS\n  BEGIN\n    COMMIT;\n  END;\nEND hr;\n/\nCREATE SEQUENCE s START WITH 1;',
    [
      ['module', 'hr'],
      ['sequence', 's'],
    ],
  ],
  [
    'SQLite and PostgreSQL',
    "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  INSERT INTO b VALUES (1);\n  DELETE FROM c;\nEND;\nCREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END; $$ LANGUAGE plpgsql;\nCREATE POLICY own ON a USING (b = 'c');\nCREATE TYPE mood AS ENUM ('x');",
    [
      ['trigger', 't'],
      ['function', 'f'],
      ['policy', 'own'],
      ['type', 'mood'],
    ],
  ],
])('reads what %s creates, a routine with its whole body', (_, text, expected) => {
  const created = readSections('sql', text.split('\n')).filter(({ kind }) => kind !== 'statement')
  expect(created.map(({ kind, name }) => [kind, name])).toEqual(expected)
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
