import { expect, it } from 'vitest'
import { englishWordsFor } from '../../../../../shared/repo/ranking/foreign-words.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

it.each([
  ['密码在哪里加密', ['password', 'encrypt']],
  ['パスワードはどこで暗号化されますか', ['password', 'encrypt']],
  ['데이터베이스 연결을 닫는 곳', ['database', 'connection', 'close']],
  ['где закрывается соединение с базой данных', ['close', 'connection', 'database']],
  ['Wo wird die Datenbankverbindung geschlossen?', ['database', 'close']],
  ['où la connexion est-elle fermée', ['connection', 'close']],
  ['donde se cierra la sesion del usuario', ['session', 'user']],
  ['onde a senha é validada', ['password', 'validate']],
  ['gdzie zamykane jest połączenie z bazą', ['close', 'connection']],
  ['bağlantı nerede kapatılıyor', ['connection', 'close']],
  ['أين يتم إغلاق الاتصال بالخادم', ['close', 'connection', 'server']],
  ['कनेक्शन कहाँ बंद होता है', ['connection', 'close']],
  ['ログインのログはどこ', ['login', 'log']],
  ['如何解析 JSON config', ['parse']],
  ['où est traitée la requête', ['handle', 'request']],
  ['wo ist das Passwort', ['password']],
  ['contraseña usuario', ['password', 'user']],
  ['wie funktioniert der Cache', ['cache']],
])('%s', (query, words) => {
  expect(englishWordsFor(query).split(' ')).toEqual(expect.arrayContaining(words))
})

it.each([
  ...[
    'where is the password hashed',
    'closes the connection',
    'parseConfig',
    'cache.get(key)',
    'do while',
    'has',
    '',
    '<=>',
  ],
  ...[
    'where does the café total go wrong',
    'the “passed” files — all of them',
    'naïve listing of the passes in a pole',
    '🙂 open',
  ],
  // Words that are another language's as well, of one each; an accent of a name or of a word that English has taken.
  ...[
    'a trait object',
    'rotate a log',
    'an empty trie',
    'also indirect data',
    'count cores in a machine',
    'a valid token',
  ],
  ...[
    'rotate façade',
    'El Niño cores',
    'São Paulo cores',
    'Where is das Passwort gehasht?',
    'a map formatter',
    'open Datei',
  ],
  ...['это что такое', '这是什么', 'wo ist der trait', 'was ist das hier', 'où est-ce que', 'これは何ですか'],
])('adds nothing to %j', (query) => {
  expect(englishWordsFor(query)).toBe('')
})

it('takes a time that grows as the query does', async () => {
  for (const unit of ['配', 'ア', 'é', 'ض', 'конфигураци', 'uwierzytelniani'])
    expect(await cpuMsOf(async () => void englishWordsFor(`où ${unit.repeat(4_000)}`)), unit).toBeLessThan(200)
})
