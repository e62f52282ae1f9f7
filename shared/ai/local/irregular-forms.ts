/**
 * Owns the English forms that no suffix rule relates to their base: `went` asks about `go`.
 * `saw`, `left` and `found` are kept although they are other words too: in conversation they are verbs. So are `lives` and `leaves`, which the rules reduce.
 */

const FORMS = `
begin: began begun; bite: bit bitten; blow: blew blown; break: broke broken; bring: brought; build: built; burn: burnt; buy: bought; catch: caught;
choose: chose chosen; come: came; deal: dealt; dig: dug; draw: drew drawn; dream: dreamt; drink: drank drunk; drive: drove driven; eat: ate eaten;
fall: fell fallen; feed: fed; feel: felt; fight: fought; find: found; fly: flew flown; forget: forgot forgotten; forgive: forgave forgiven;
freeze: froze frozen; get: got gotten; give: gave given; go: went gone; grow: grew grown; hang: hung; hear: heard; hide: hid hidden; hold: held;
keep: kept; know: knew known; lead: led; learn: learnt; leave: left; lend: lent; lose: lost; make: made; mean: meant; meet: met; pay: paid;
ride: rode ridden; ring: rang rung; rise: rose risen; run: ran; say: said; see: saw seen; seek: sought; sell: sold; send: sent; shake: shook shaken;
shine: shone; shoot: shot; show: shown; shrink: shrank shrunk; sing: sang sung; sink: sank sunk; sit: sat; sleep: slept; speak: spoke spoken;
spend: spent; stand: stood; steal: stole stolen; stick: stuck; strike: struck; swear: swore sworn; sweep: swept; swim: swam swum; swing: swung;
take: took taken; teach: taught; tear: tore torn; tell: told; think: thought; throw: threw thrown; understand: understood; wake: woke woken;
wear: wore worn; win: won; write: wrote written; child: children; man: men; woman: women; person: people; foot: feet; tooth: teeth; mouse: mice;
goose: geese; wife: wives; knife: knives; half: halves; good: better best; bad: worse worst; index: indices;
vertex: vertices; matrix: matrices`

/** Irregular form -> base. */
export const IRREGULAR_FORMS: ReadonlyMap<string, string> = new Map(
  FORMS.split(';').flatMap((entry) => {
    const [base = '', forms = ''] = entry.trim().split(': ')
    return forms.split(' ').map((form): [string, string] => [form, base])
  }),
)
