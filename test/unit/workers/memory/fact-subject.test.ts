import { expect, test } from 'vitest'
import { foldName } from '../../../../shared/memory/fold-name.ts'
import { areKnownApart, subjectOf } from '../../../../workers/memory/facts/fact-subject.ts'
import { speakerName } from '../../../../workers/memory/local-rules/fact-wording.ts'

const QUOTE = 'I live in Berlin.'
type Given = { userId?: string; agentId?: string; workstreamId?: string; names?: (string | undefined)[]; fact?: string }

function keyOf(
  subject: string | null,
  { userId, agentId, workstreamId = 'w', names = [undefined], fact = QUOTE }: Given = {},
) {
  const turn = { userId: userId ?? null, agentId: agentId ?? null, workstreamId }
  const messages = names.map((name, at) => ({ role: 'user', name: name ?? null, content: at === 0 ? QUOTE : 'Hi.' }))
  return subjectOf({ subject, fact, quote: QUOTE }, turn, messages).subjectKey
}

test('a speaker is the userId, else the name in one form, else the role in this workstream, in any language', () => {
  for (const subject of [
    'I',
    'the user',
    'Der Nutzer',
    'ich',
    'el usuario',
    'L’utilisateur',
    "l'utilisateur",
    '用户',
    '我',
    'пользователь',
    'المستخدم',
    'ユーザー',
  ]) {
    expect(keyOf(subject, { userId: 'u1', names: ['Alex'] })).toBe('user:u1')
    expect(keyOf(subject, { names: ['Alex'] })).toBe('name:alex')
    expect(keyOf(subject)).toBe('role:user@w')
  }
  expect(keyOf('Alex', { userId: 'u1', names: ['ALEX'] })).toBe('user:u1')
  for (const name of ['user', 'Guest', 'anonymous', 'me', 'undefined', 'Gast', 'Invité', 'ゲスト', 'Гость', 'زائر'])
    expect(keyOf('I', { names: [name] })).toBe('role:user@w')
  for (const name of ['Guest 41', 'Anna Gast', 'Io', 'Hugo'])
    expect(keyOf('I', { names: [name] })).toBe(`name:${name.toLowerCase()}`)
  // A name that is a word for the speaker in another language.
  expect([
    keyOf('Ben'),
    keyOf('ben'),
    keyOf('Ben', { fact: 'Ben bu yıl İzmir’de yaşıyorum ve çok mutluyum.' }),
  ]).toEqual(['name:ben', 'role:user@w', 'role:user@w'])
  // Several people behind one userId are several people.
  expect(keyOf('I', { userId: 'u1', names: ['Ana', 'Ben'] })).not.toBe(
    keyOf('Ben', { userId: 'u1', names: ['Ana', 'Ben'] }),
  )
})

test('a name is one in every Unicode form; nobody else is', () => {
  const forms = ['José Ruiz', 'Jose\u0301  Ruiz', 'JOSÉ RUIZ', 'José\u200b Ruiz\u2060', 'Ｊｏｓé Ruiz']
  expect(new Set(forms.map(foldName))).toEqual(new Set(['josé ruiz']))
  expect(foldName('Strauß')).toBe(foldName('STRAUSS'))
  expect(foldName('İbrahim')).toBe(foldName('ibrahim'))
  expect(new Set(['José', 'Jose', '李娜', '李雷'].map(foldName)).size).toBe(4)
})

test('what has no name of its own belongs to its workstream', () => {
  const fact = 'Das Budget beträgt 500 Euro und ist für die Küche.'
  for (const subject of ['meeting', 'our budget', 'the Launch', '预算']) expect(keyOf(subject)).toMatch(/^thing:.*@w$/)
  expect(keyOf('Budget', { fact })).toBe('thing:budget@w')
  expect(keyOf('Maya')).toBe('name:maya')
  expect(keyOf(' ')).toBe(null)
})

test('subjects that are told by ids are known apart, names are not', () => {
  expect(areKnownApart('user:u1', 'user:u2')).toBe(true)
  expect(areKnownApart('role:user@v', 'role:user@w')).toBe(true)
  expect(areKnownApart('thing:budget@v', 'thing:budget@w')).toBe(true)
  expect(areKnownApart('name:maya', 'name:maya lopez')).toBe(false)
  expect(areKnownApart('user:u1', 'user:u1')).toBe(false)
})

test('two names that begin alike for long are two people, as they are shown and as they are compared', () => {
  const [first, second] = ['one', 'two'].map((end) => `${'Maximilian '.repeat(10)}${end}`) as [string, string]
  const [shown, other] = [first, second].map((name) => speakerName(name, 'user')) as [string, string]
  expect(shown).not.toBe(other)
  expect(Math.max(shown.length, other.length)).toBeLessThanOrEqual(80)
  expect(keyOf(shown, { names: [first] })).toBe(`name:${first.toLowerCase()}`)
  expect(keyOf(shown, { names: [first] })).toBe(keyOf('I', { names: [first] }))
  expect(keyOf(other, { names: [first, second] })).toBe(`name:${second.toLowerCase()}`)
})
