import { expect, it } from 'vitest'
import { isSmallTalk } from '../../../../../shared/memory/search/small-talk.ts'

it.each([
  'hello',
  'Hi there!',
  'Thanks, that was great!',
  'Guten Morgen',
  '¡Hola! ¿Qué tal?',
  'merci beaucoup',
  'Привет',
  'こんにちは。',
  '你好！',
  'ok',
  'hey, how’s it going?',
  'Who are you?',
  'Sounds good!',
  'wie geht es dir?',
  'как дела?',
  '元気ですか？',
  'कैसे हो?',
  '👍',
  '?',
])('%s asks for nothing', (query) => expect(isSmallTalk(query)).toBe(true))

it.each([
  'who am I?',
  'what will I do tomorrow?',
  'what test did I pass?',
  'good restaurants',
  'hello world program',
  'what did I say about tea',
  'どこに住んでいますか',
  'dia de praia',
  '猫',
])('%s asks for something', (query) => expect(isSmallTalk(query)).toBe(false))
