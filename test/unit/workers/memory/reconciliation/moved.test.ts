import { expect, it } from 'vitest'
import { hasMoved, saysMoved } from '../../../../../workers/memory/reconciliation/moved.ts'

const said = (words: string) => `Maya said: "${words}"`

it.each([
  ['My friend Ana lives in Rome.', 'My friend Ana moved to Oslo.'],
  ['My brother lives in Tampa with his kids.', 'My brother has just moved to Denver last month.'],
  ['My aunt Rosa moved to Bilbao.', 'My aunt Rosa moved back to Madrid.'],
  ['Meine Freundin Ana wohnt in Rom.', 'Meine Freundin Ana ist nach Oslo gezogen.'],
  ['Mon frère vit à Metz.', 'Mon frère a déménagé à Nancy.'],
  ['Mi amiga Ana vive en Roma.', 'Mi amiga Ana se mudó a Oslo.'],
  ['A minha irmã mora em Faro.', 'A minha irmã mudou-se para Braga.'],
  ['Mijn zus woont in Gent.', 'Mijn zus is naar Brugge verhuisd.'],
  ['Моя сестра живёт в Казани.', 'Моя сестра переехала в Самару.'],
])('ends where somebody lived: %s %s', (before, now) => {
  expect(saysMoved(said(now))).toBe(true)
  expect(hasMoved(said(now), said(before))).toBe(true)
})

it.each([
  ['My friend Ana lives in Rome.', 'My friend Anna moved to Oslo.'],
  ['My friend Ana lives in Rome.', 'My colleague Ana moved to Oslo.'],
  ['My friend lives in Rome.', 'My friend moved to Oslo.'],
  ['My friend Ana lives in Rome.', "My friend Ana's mother moved to Oslo."],
  ['My friend Ana lives in Rome.', 'My friend Ana moved to tears.'],
  ['My friend Ana lives in Rome.', 'My friend Ana moved to Spotify.'],
  ['My friend Ana lives in Rome.', 'My friend Ana wants to move to Oslo.'],
  ['My friend Ana lives in Rome.', 'My friend Ana moved to Oslo for two months.'],
  ['My friend Ana lives in Rome.', 'My friend Ana moved to Oslo in 2009.'],
  ['My friend Ana lives in Oslo with Tom.', 'My friend Ana moved to Oslo with Tom.'],
  ['My friend Ana works in Rome.', 'My friend Ana moved to Oslo.'],
  ['Meine Freundin Ana wohnt in Rom.', 'Meine Freundin Eva ist nach Oslo gezogen.'],
  ['My sister lives in Rome.', 'My sister moved to Oslo in her twenties.'],
  ['Meine Schwester wohnt in Rom.', 'Meine Schwester ist nie nach Köln gezogen.'],
  ['Meine Schwester wohnt in Rom.', 'Meine Schwester ist damals nach Köln gezogen.'],
  ['Mijn zus woont in Gent.', 'Mijn zus is bijna naar Brugge verhuisd.'],
  ['My brother lives in Rome.', 'My brother moved to Oslo with his father before we met.'],
  ['Ma sœur vit à Metz.', 'Ma sœur a déménagé à Nancy avec nous quand elle avait dix ans.'],
  ['Mein Kollege wohnt in Rom.', 'Mein Kollege ist nach Oslo gezogen.'],
  ['Mi amiga Ana vive en Roma.', 'Mi amiga Ana se mudó a Oslo por un año.'],
  ['Моя подруга живёт в Казани.', 'Моя подруга переехала в Самару.'],
])('leaves where somebody lives, who may be another or comes back: %s %s', (before, now) => {
  expect(hasMoved(said(now), said(before))).toBe(false)
})
