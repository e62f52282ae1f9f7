import { expect, it, test } from 'vitest'
import { findInstructions } from '../../../../workers/context/standing-instructions.ts'

const said = (text: string, role = 'user') => ({
  message: 0,
  role,
  speaker: role,
  text,
  tokens: 1,
  worth: 1,
  isWhole: true,
})

it('takes the sentences of users that say how things are to be done from then on', () => {
  const messages = [
    said('Hi there! Never write to the folder migrations. The build is red again.'),
    said('Antworte bitte immer auf Deutsch.'),
    said('以后请用英文回答。'),
  ]
  expect(findInstructions(messages, ['Call me Kit.'])).toEqual([
    'Call me Kit.',
    'Never write to the folder migrations.',
    'Antworte bitte immer auf Deutsch.',
    '以后请用英文回答。',
  ])
})

it('takes neither talk among people nor the words of others', () => {
  const talk = [
    'Keep it up, never give up!',
    'You have always been there for me.',
    'That was always a great time.',
    'Das war immer schön.',
    'Always here to cheer you on.',
    'Tom wrote:\n> Never deploy on Fridays.',
  ]
  expect(findInstructions(talk.map((text) => said(text)))).toEqual([])
  expect(findInstructions([said('Always answer in German.', 'assistant')])).toEqual([])
})

test.each([
  'Make sure you never deploy on Fridays.',
  'Whatever happens, do not drop the users table.',
  'Only change files in src/.',
  'Only write to /tmp.',
  'Keep the API backwards compatible.',
  'Remember to run the linter.',
  'The build must always pass.',
  'If a test fails, do not commit.',
  'Ändere niemals die Datei config.yml.',
  'Auf keinen Fall darfst du die Datenbank löschen.',
  'Ab jetzt nur noch auf Deutsch.',
  'Die Tabelle users darf niemals geändert werden.',
  'Nunca borres la base de datos.',
  'Ne modifie jamais le fichier config.',
  'Lance toujours les tests avant de commiter.',
  'Non modificare mai il file config.',
  'Nunca apague o banco de dados.',
  'Verander nooit het bestand config.',
  'Nigdy nie usuwaj bazy danych.',
  'Ändra aldrig filen config.',
  'Asla veritabanını silme.',
  'Никогда не удаляй базу данных.',
  'Ніколи не видаляй базу даних.',
  'Nikdy nemaž soubory ve složce data.',
  'Jangan pernah hapus basis data.',
  '不要修改配置文件。',
  '必须先运行测试。',
  '絶対に本番データベースを削除しないで。',
  '절대 데이터베이스를 삭제하지 마세요.',
  'لا تقم بحذف قاعدة البيانات أبدا.',
  'डेटाबेस कभी नहीं हटाना।',
])('keeps an order of work: %s', (text) => {
  expect(findInstructions([said(text)])).toEqual([text])
})

test.each([
  'Keep it up with German!',
  'Keep up the good work on the repo!',
  'Make sure to have fun at the party.',
  'Remember to call your mum.',
  "Don't worry about the tests.",
  'Always a pleasure to read your code.',
  'Never had a problem with that database before.',
  'Whatever happens, I love you.',
  'The tests always fail on my machine.',
  'Only two files changed.',
  'Should I never touch the config file?',
  'Die Tests schlagen immer fehl.',
  'Er hat nie Tests geschrieben.',
  "Je n'ai jamais touché à ce fichier.",
  'Nunca he tocado ese archivo.',
  'Non ho mai toccato quel file.',
  'Testy zawsze się wywalają.',
  'Никогда не видел этот файл.',
  'Тесты всегда падают.',
  'Koden kompilerar aldrig.',
  '测试总是失败。',
  'テストがいつも失敗する。',
  '절대 포기하지 마세요!',
])('takes no wish, complaint or report for an order: %s', (text) => {
  expect(findInstructions([said(text)])).toEqual([])
})

it('keeps no beginning of an order: its end may change it', () => {
  expect(findInstructions([said(`Never delete the files ${'of the customers '.repeat(40)}`)])).toEqual([])
})
