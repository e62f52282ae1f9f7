import { expect, it } from 'vitest'
import { isNoLonger } from '../../../../../workers/memory/reconciliation/no-longer.ts'

const said = (words: string) => ({ fact: `Ana said: "${words}"`, subject: 'Ana' })

it.each([
  ['I no longer live in Dresden.', 'I live in Dresden.'],
  ["I don't drive a Saab any more.", 'I drive a Saab.'],
  ['Ich wohne nicht mehr in Mainz.', 'Ich wohne in Mainz.'],
  ['Wir haben keinen Hund mehr.', 'Wir haben einen Hund.'],
  ['Je n’habite plus à Lille.', 'J’habite à Lille.'],
  ['Ya no vivo en Murcia.', 'Vivo en Murcia.'],
  ['Já não moro em Faro.', 'Moro em Faro.'],
  ['Non abito più a Bari.', 'Abito a Bari.'],
  ['Ik woon niet meer in Breda.', 'Ik woon in Breda.'],
  ['Nie mieszkam już w Łodzi.', 'Mieszkam w Łodzi.'],
  ['Я больше не живу в Туле.', 'Я живу в Туле.'],
  ["Artık İzmir'de yaşamıyorum.", "İzmir'de yaşıyorum."],
  ['Jag bor inte längre i Lund.', 'Jag bor i Lund.'],
  ['我已经不住在成都了。', '我住在成都。'],
  ['もう京都には住んでいません。', '京都に住んでいます。'],
  ['이제 부산에 안 살아요.', '저는 부산에 살아요.'],
  ['لم أعد أسكن في دمشق.', 'أسكن في دمشق.'],
  ['मैं अब पुणे में नहीं रहती।', 'मैं पुणे में रहती हूँ।'],
  ['I stopped learning Polish.', "I'm learning Polish."],
  ['Ich habe mit dem Rauchen aufgehört.', 'Ich rauche.'],
  ['Dejé de fumar.', 'Fumo.'],
  ['Я бросила курить.', 'Я курю.'],
  ['We no longer deploy with Chef, we deploy with Nomad.', 'We deploy with Chef.'],
  ['I finally quit smoking.', 'I smoke.'],
  ['He dejado de fumar.', 'Fumo.'],
  ['My son no longer lives in Bonn.', 'My son lives in Bonn.'],
  ['He quit smoking.', 'He smokes.'],
  ['I stopped playing tennis on Mondays.', 'I play tennis on Mondays.'],
])('%s ends: %s', (later, earlier) => {
  expect(isNoLonger(said(later), said(earlier))).toBe(true)
  expect(isNoLonger(said(earlier), said(later))).toBe(false)
})

it.each([
  ['I no longer live in Dresden.', 'I work in Dresden.'],
  ['I no longer live in Dresden.', 'My brother lives in Dresden.'],
  ['I do not live in Dresden.', 'I live in Dresden.'],
  ['My sister left home and no longer lives in Dresden.', 'I live in Dresden.'],
  ['I stopped at the bakery.', 'I work at the bakery.'],
  ['We no longer deploy with Chef, we deploy with Nomad.', 'We deploy with Nomad.'],
  ['Ich wohne nicht mehr in Mainz.', 'Ich arbeite in Mainz.'],
  ['I no longer eat meat.', 'I eat fish.'],
  ['我已经不住在成都了。', '我在成都工作。'],
  ['I want to quit smoking.', 'I smoke.'],
  ['I might quit smoking.', 'I smoke.'],
  ['I will quit smoking.', 'I smoke.'],
  ['If I quit smoking, I sleep better.', 'I smoke.'],
  ['I never quit smoking.', 'I smoke.'],
  ["I haven't quit smoking.", 'I smoke.'],
  ['I have not stopped running.', 'I run.'],
  ['Ich habe nie aufgehört zu rauchen.', 'Ich rauche.'],
  ['No he dejado de fumar.', 'Fumo.'],
  ['Non ho mai smesso di fumare.', 'Fumo.'],
  ['Я не бросила курить.', 'Я курю.'],
  ['My son quit smoking.', 'I smoke.'],
  ['He quit smoking.', 'I smoke.'],
  ['My dog stopped playing chess.', 'I play chess.'],
  ['Он бросил курить.', 'Я курю.'],
  ['Er wohnt nicht mehr in Mainz.', 'Ich wohne in Mainz.'],
  ['I stopped playing tennis on Mondays.', 'I play tennis.'],
  ['I no longer work on Fridays.', 'I work.'],
  ['I quit drinking coffee in the morning.', 'I drink coffee.'],
])('%s ends nothing of: %s', (later, earlier) => {
  expect(isNoLonger(said(later), said(earlier))).toBe(false)
})
