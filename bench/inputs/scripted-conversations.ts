/**
 * Owns conversations in which things are said again and things change, with what is true at the end. A line is `speaker | what is said | property = value`;
 * the property is a name of ours, which no extractor sees. An empty line is a day later, and another session.
 */

export type ScriptedTurn = {
  readonly turnId: string
  readonly session: number
  readonly at: Date
  readonly speaker: string
  readonly text: string
  /** What the turn states, if anything; the last turn about a property is right. */
  readonly property: string | undefined
  readonly value: string | undefined
}

const SCRIPTS: Readonly<Record<string, string>> = {
  'moving house': `
Maya | I live in Utrecht. | maya home = utrecht
Leo | Nice! I live in Haarlem. | leo home = haarlem
Maya | I work as a nurse. | maya job = nurse
Leo | Did you sleep well?

Maya | I live in Utrecht, as you know. | maya home = utrecht
Leo | I moved to Leiden last week! | leo home = leiden
Maya | I am allergic to peanuts. | maya allergy = peanuts

Maya | Big news: I moved to Lisbon in March. | maya home = lisbon
Leo | I'm allergic to cats. | leo allergy = cats
Maya | I'm allergic to peanuts! | maya allergy = peanuts
Leo | Leiden is lovely, I live in Leiden near the river. | leo home = leiden

Maya | I now work as a teacher. | maya job = teacher
Leo | I work as a carpenter. | leo job = carpenter
Maya | I moved back to Utrecht. | maya home = utrecht`,
  'planning a fair': `
Ruth | The fair is on Saturday 6 June. | fair date = 6 june
Omar | I will print the posters. | omar task = posters
Ruth | Our budget is 2,000 euros. | budget = 2000
Omar | We decided to rent the boathouse. | venue = boathouse

Ruth | The fair is now on Saturday 20 June. | fair date = 20 june
Omar | Our budget is 2,000 euros. | budget = 2000
Ruth | We decided to rent the boathouse. | venue = boathouse
Omar | I prefer tea to coffee. | omar drink = tea

Omar | Our budget is 3,500 euros. | budget = 3500
Ruth | My favourite colour is green. | ruth colour = green
Omar | I prefer tea to coffee! | omar drink = tea

Ruth | My favourite colour is blue. | ruth colour = blue
Omar | The meeting is on Monday. | meeting = monday
Ruth | The meeting has been moved to Tuesday. | meeting = tuesday`,
  'late and early': `
Ana | I work at Shell. | ana employer = shell
Ben | My phone number is 06 1234 5678. | ben phone = 1
Ana | I live in Porto. | ana home = porto

Ana | I work for Philips now. | ana employer = philips
Ben | My phone number is 06 8765 4321. | ben phone = 2
Ana | My brother Rui plays the cello. | ana brother = rui

Ana | I work at Philips. | ana employer = philips
Ben | I am vegetarian. | ben diet = vegetarian
Ana | I live in Braga. | ana home = braga

Ben | I went vegan. | ben diet = vegan
Ana | My brother Rui plays the cello. | ana brother = rui
Ben | I adopted a dog called Pixel. | ben dog = pixel
Ana | I live in Braga now. | ana home = braga`,
  'changing jobs': `
Iris | I'm a designer and I work at Mapbox. | iris employer = mapbox
Tom | My email is tom@old.example. | tom email = old
Iris | I am 29 years old. | iris age = 29
Tom | My sister Eva is a vet. | eva job = vet

Tom | I got a new address, my email is tom@new.example now. | tom email = new
Iris | I turned 30 today! | iris age = 30
Iris | My sister lives in Ghent. | iris sister = ghent
Tom | Eva, my sister, is a vet. | eva job = vet

Iris | I left Mapbox and started at Esri. | iris employer = esri
Tom | Our deadline is on 3 May. | deadline = 3 may
Iris | Something funny happened today.

Tom | The deadline was moved to 10 May. | deadline = 10 may
Iris | I work for Esri now, as a designer. | iris employer = esri
Tom | I'm 41 years old. | tom age = 41
Tom | The deadline is on 10 May. | deadline = 10 may`,
  'in other words': `
Nora | I hate mushrooms. | nora mushrooms = no
Sam | I play the violin. | sam instrument = violin
Nora | We have two cats, Milo and Otis. | nora cats = 2
Sam | I will bring the drinks on Friday. | sam task = drinks

Nora | I can't stand mushrooms. | nora mushrooms = no
Sam | I've been playing the violin for years. | sam instrument = violin
Nora | Did I tell you about Milo and Otis?
Sam | I'll bring the drinks on Friday! | sam task = drinks

Nora | Honestly, I hate mushrooms. | nora mushrooms = no
Sam | I am a vegetarian. | sam diet = vegetarian
Nora | Our two cats are called Milo and Otis. | nora cats = 2

Sam | I eat fish again. | sam diet = fish
Nora | Our third cat is called Pip. | nora third cat = pip
Sam | I play the violin in an orchestra. | sam instrument = violin`,
}

const DAY_MS = 86_400_000
const BEGINNING = Date.UTC(2026, 2, 2, 18)

/** The conversations by name, in the order in which they were said. */
export function scriptedConversations(): { name: string; turns: ScriptedTurn[] }[] {
  return Object.entries(SCRIPTS).map(([name, script]) => ({
    name,
    turns: script
      .trim()
      .split('\n\n')
      .flatMap((lines, session) =>
        lines.split('\n').map((line, index) => {
          const [speaker = '', text = '', stated] = line.split(' | ')
          const [property, value] = stated?.split(' = ') ?? []
          const at = new Date(BEGINNING + session * DAY_MS + index * 60_000)
          return { turnId: `s${session}-${index}`, session, at, speaker, text, property, value }
        }),
      ),
  }))
}
