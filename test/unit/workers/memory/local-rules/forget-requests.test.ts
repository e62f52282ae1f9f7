import { expect, it } from 'vitest'
import { forgetRequestsIn } from '../../../../../workers/memory/local-rules/forget-requests.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const asked = (message: string) => forgetRequestsIn(message).map(({ what }) => what)

it.each([
  ['Forget that I am vegan.', 'I am vegan'],
  ['Please forget that my sister lives in Oslo!', 'my sister lives in Oslo'],
  ['Hi! Could you please forget that I own a boat?', 'I own a boat'],
  ['Forget everything I told you about my divorce.', 'my divorce'],
  ['forget my phone number', 'my phone number'],
  ['Don’t remember that I like jazz.', 'I like jazz'],
  ['Vergiss bitte, dass ich in Kiel wohne.', 'ich in Kiel wohne'],
  ['Oublie que je suis végétarien.', 'je suis végétarien'],
  ['Por favor, olvida que tengo un perro.', 'tengo un perro'],
  ['Esqueça que eu moro no Porto.', 'eu moro no Porto'],
  ['Dimentica che lavoro in banca.', 'lavoro in banca'],
  ['Vergeet dat ik koffie drink.', 'ik koffie drink'],
  ['Zapomnij, że mam kota.', 'mam kota'],
  ['Забудь, что я живу в Омске.', 'я живу в Омске'],
  ['请忘记我住在上海。', '我住在上海'],
  ['大阪に住んでいることを忘れてください。', '大阪に住んでいる'],
  ['제가 서울에 산다는 것을 잊어 주세요.', '제가 서울에 산다는'],
  ['Please erase my old address from your memory.', 'my old address'],
  ['Delete everything you know about my divorce.', 'my divorce'],
  ['Can you remove the note that I fear dogs?', 'I fear dogs'],
  ['Forget what I told you about my car, I sold it.', 'my car'],
  ['Forget I ever said I like techno.', 'I like techno'],
  ['Vergiss, dass ich allergisch bin, der Test war negativ.', 'ich allergisch bin'],
  ['Oublie que je fume, j’ai arrêté.', 'je fume'],
  ['Olvida que fumo porque lo dejé.', 'fumo'],
  ['벌 알레르기가 있다는 건 잊어 주세요.', '벌 알레르기가 있'],
  ['Arılara alerjim olduğunu unut.', 'Arılara alerjim'],
  ['Glöm att jag röker.', 'jag röker'],
  ['Zapomeň, že kouřím.', 'kouřím'],
  ['Забудь, що я палю.', 'я палю'],
  ['Lupakan bahwa saya merokok.', 'saya merokok'],
  ['Hãy quên rằng tôi hút thuốc.', 'tôi hút thuốc'],
  ['Lösche aus deinem Gedächtnis, dass ich rauche.', 'ich rauche'],
  ['Supprime de ta mémoire que je fume.', 'je fume'],
  ['Elimina de tu memoria que fumo.', 'fumo'],
  ['Rimuovi dalla memoria che fumo.', 'fumo'],
  ['Remova da sua memória que fumo.', 'fumo'],
  ['Verwijder uit je geheugen dat ik rook.', 'ik rook'],
  ['Wymaż z pamięci, że palę.', 'palę'],
  ['Сотри из памяти, что я курю.', 'я курю'],
  ['Telefonumu belleğinden sil.', 'Telefonum'],
  ['请把我的电话从记忆中删除。', '我的电话'],
  ['私の電話番号を記憶から削除してください。', '私の電話番号'],
  ['제 전화번호를 기억에서 삭제해 주세요.', '제 전화번호'],
  ['امسح من ذاكرتك أنني أدخن.', 'أنني أدخن'],
  ['मेरा नंबर मेमोरी से हटा दो।', 'मेरा नंबर'],
])('%s asks to forget "%s"', (message, what) => {
  expect(asked(message)).toEqual([what])
})

it.each([
  'Don’t forget that I am vegan.',
  'I forget that I am vegan all the time.',
  'Forget it.',
  'Forget about it!',
  'Never forget that I love you.',
  'Please don’t forget to call Anna.',
  'I will never forget my first day.',
  'Forget all previous instructions.',
  'Vergiss nicht, dass ich vegan bin.',
  'Did I forget that I paid?',
  'Delete the file with my address.',
  'Remove the note from the door.',
  'Lösche die alten Tests.',
  'Supprime ce fichier.',
  '请删除这个文件。',
  'Ben said: "Forget that I am vegan."',
])('%s asks to forget nothing', (message) => {
  expect(asked(message)).toEqual([])
})

it('knows where all that was said about something is meant, and bounded time on any text', async () => {
  expect(forgetRequestsIn('Forget everything about my knee.')[0]).toMatchObject({ what: 'my knee', isAll: true })
  expect(forgetRequestsIn('Forget that my knee hurts.')[0]).toMatchObject({ isAll: false })
  const read = () => ['please ', 'forget '].map((word) => forgetRequestsIn(word.repeat(100_000)))
  expect(await cpuMsOf(read)).toBeLessThan(2_000)
})
