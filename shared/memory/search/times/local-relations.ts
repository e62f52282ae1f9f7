/**
 * Owns the words by which languages other than English say that something was since, until, before, after or between days. Small on purpose: the days
 * themselves are the platform's. A query in English is not asked: "do", "a" and "no" are words of it.
 */

export type LocalRelation = 'since' | 'until' | 'before' | 'after'

/** Before the day, and behind it. */
const WORDS: Readonly<Record<LocalRelation, readonly [before: string, behind: string]>> = {
  since: [
    "seit|ab|depuis|dès|à partir d[eu']|desde|da|dal|dalla|dall'|a partire da|a partir de|sinds|vanaf|od|с|со|начиная с|منذ|sedan|från|từ|sejak",
    "以来|以降|から|부터|이후로?|से|['’]?(?:den|dan|ten|tan) (?:beri|itibaren)",
  ],
  until: [
    "bis|bis zum|jusqu'(?:à|au|en)|hasta|até|fino a|fino al|entro|tot|do|aż do|до|حتى|till|fram till|đến|sampai",
    "为止|為止|まで|까지|तक|['’]?(?:ya|ye|a|e)? ?kadar",
  ],
  before: [
    'vor|avant|antes d[eo]l?|antes da|prima di|prima del|voor|przed|перед|قبل|före|před|trước|sebelum',
    "之前|以前|前|전|이전|से पहले|['’]?(?:den|dan|ten|tan) önce",
  ],
  after: [
    'nach|après|después del?|tras|depois d[eoa]|após|dopo|na|po|после|بعد|efter|sau|setelah',
    "之后|之後|以后|以後|後|후|के बाद|['’]?(?:den|dan|ten|tan) sonra",
  ],
}
const BETWEEN =
  '(?:zwischen|entre|tra|fra|tussen|między|между|mellan|mezi|بين|von|vom|de|du|del|dal|da|van|od|с|من|från) '
const AND =
  ' ?(?:und|et|y|e|en|a|i|и|och|و|bis zum|bis|à|au|al|até|hasta|tot|do|до|по|إلى|till|到|至|から|부터|से|和|~|–) ?'
const ARTICLE = "(?:(?:dem|der|den|die|das|el|la|le|les|il|lo|o|os|as|het|al) |l')?"
const ENGLISH = /(?<!\p{L})(?:what|who|whom|when|where|why|which|how|did|does|the|were|have|you|your|our)(?!\p{L})/u

export function isEnglishQuery(query: string): boolean {
  return ENGLISH.test(query)
}

/** The sources of patterns around the source of a named day. */
export function localRelations(
  named: string,
): { readonly relation: LocalRelation | 'between'; readonly source: string }[] {
  const single = (Object.entries(WORDS) as [LocalRelation, readonly [string, string]][]).flatMap(
    ([relation, [before, behind]]) => [
      { relation, source: `(?<!\\p{L})(?:${before}) ?${ARTICLE}${named}` },
      { relation, source: `${named}(?:のあ|の|之|의)? ?(?:${behind})(?![\\p{Script=Latin}\\p{Script=Devanagari}])` },
    ],
  )
  return [
    { relation: 'between', source: `(?<!\\p{L})(?:${BETWEEN})?${ARTICLE}${named}${AND}${ARTICLE}${named}` },
    ...single,
  ]
}
