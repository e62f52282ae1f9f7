import { expect, it } from 'vitest'
import { speakerPlaceIn } from '../../../../../workers/memory/local-rules/speaker-place.ts'

it.each([
  ['Ich wohne in Leipzig.', 'residence', 'Leipzig'],
  ['Ich bin letzten Monat nach Halle gezogen.', 'residence', 'Halle'],
  ['Seit 2019 wohne ich in Leipzig.', 'residence', 'Leipzig'],
  ['J’ai déménagé à Nantes.', 'residence', 'Nantes'],
  ['Vivo en Las Palmas', 'residence', 'Las Palmas'],
  ['Me mudei para Florianópolis.', 'residence', 'Florianópolis'],
  ['Mi sono trasferita a Torino.', 'residence', 'Torino'],
  ['Ik ben naar Brugge verhuisd.', 'residence', 'Brugge'],
  ['Przeprowadziłam się do Gdańska.', 'residence', 'Gdańska'],
  ['Я переехала в Пермь.', 'residence', 'Пермь'],
  ['Jag har flyttat till Lund.', 'residence', 'Lund'],
  ['先月、大阪に引っ越しました。', 'residence', '大阪'],
  ['我上个月搬到上海了。', 'residence', '上海'],
  ['서울로 이사했어요.', 'residence', '서울'],
  ['Seit März arbeite ich bei Siemens.', 'employer', 'Siemens'],
  ['Depuis mars, je travaille chez Airbus.', 'employer', 'Airbus'],
  ['Desde marzo trabajo en Orange.', 'employer', 'Orange'],
])('%s states a %s: %s', (sentence, attribute, value) => {
  expect(speakerPlaceIn(sentence)).toEqual({ attribute, value })
})

it.each([
  'Als Kind bin ich nach Halle gezogen.',
  'Ich wohne in Untermiete.',
  'Ich wohne auch in Halle.',
  'Ich arbeite bei Nacht.',
  'Mein Bruder ist nach Halle gezogen.',
  'J’habitais à Nantes.',
  'Et si j’habite à Nantes ?',
  'J’habite en France.',
  'Vivo en España.',
  'Trabajo en Madrid.',
  'Me mudaría a Sevilla.',
  'Lavoro da casa.',
  'Я жил в Омске.',
  '弟は大阪に住んでいます。',
  '大学の近くに住んでいます。',
  '我想搬到上海。',
  '我住在公司附近。',
])('%s states none', (sentence) => {
  expect(speakerPlaceIn(sentence)).toBeUndefined()
})
