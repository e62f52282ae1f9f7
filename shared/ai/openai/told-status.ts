import {
  AWAY,
  FORBIDDEN,
  LIMITED,
  meantStatus,
  REFUSED,
  SPENT,
  TOO_LARGE,
  UNAUTHORIZED,
  UNKNOWN,
} from './meant-status.ts'

/**
 * Owns what an error says that came with status 200, whose only sign is its words: MiniMax, Baidu, Tencent, Zhipu, Cloudflare and many gateways send
 * such. Must be given messages without the users' words. A wrong guess loses nothing: an outage is asked about before anything waits for it.
 */

/** Each line is a code, a type or a message: what a short one says in whole needs no other word. */
const WORDS: readonly (readonly [status: number, words: RegExp])[] = [
  [SPENT, /\bbalance\b|charge ?resource|payment[ _]?(?:method )?required|欠费/i],
  [TOO_LARGE, /token limit|max input characters|context .{0,40}overflow/i],
  [
    LIMITED,
    /rate.?limit|too[ _]?many[ _]?(?:\w{1,20} )?(?:requests|calls|connections)|throttl|frequency(?!.?penalty)|concurren|(?:limit|quota|capacity).{0,12}(?:reached|exceeded|violation)|频率|限流|并发/i,
  ],
  [FORBIDDEN, /no permission|forbidden|access denied|authorized to access|无权限/i],
  [
    UNAUTHORIZED,
    /auth(?:entication|orization)?[ _]?(?:error|fail)|unauthori[sz]ed|not authorized|noauth|login fail|令牌|鉴权/i,
  ],
  [
    UNAUTHORIZED,
    /expired .{0,20}(?:key|token)\b|\b(?:key|token)\b.{0,40} expired|^(?:invalid|missing)[ _](?:key|token)(?: provided)?\W?$|^(?:(?:the|your) )?(?:key|token)(?: is)? (?:invalid|not valid)\W?$/im,
  ],
  [
    UNAUTHORIZED,
    /(?:invalid|missing) .{0,20}(?:(?:access|api|auth(?:entication|orization)?|bearer|jwt|secret|security|session)[ _-]?(?:keys?|tokens?)|secret[ _-]?id)\b|(?:(?:access|api|auth(?:entication|orization)?|bearer|jwt|secret|security|session)[ _-]?(?:keys?|tokens?)|secret[ _-]?id)\b .{0,40}(?:invalid|not (?:match|found))/i,
  ],
  // What an address leads to; a field, a property or a stop word that is not found is a fault of the input.
  [
    UNKNOWN,
    /\b(?:account|api|app(?:id|lication)?|deployment|endpoint|engine|interface|method|page|path|resource|route|service|ur[il])\b.{0,60}not (?:found|exist)/i,
  ],
  [
    UNKNOWN,
    /(?:^|404[ :-]{1,3})\S{0,60}not.?found|missing required|not route|unexpected endpoint|unsupported .{0,20}method|不存在/im,
  ],
  // What is unavailable is the server, unless a field is said to be: "This response_format type is unavailable now".
  [
    AWAY,
    /(?<!(?:feature|field|format|option|parameter|type) is )unavailable|overload|(?:connect\w{0,10}|error:?|gateway|read|request|response|server|upstream) time.?out(?! (?:must|should|is|value)(?!\w))|timed out|deadline exceeded|again (?:later|soon|shortly|after|in )|(?:server|service|system|model|engine|too|very|currently)(?: is)?(?: currently| too| very)? busy|(?:internal|system|unknown|server)[ _]error|failed to load|稍后|繁忙|超时/i,
  ],
  // "Invalid image, please try again", "timeout must be at most 600".
  [
    REFUSED,
    /invalid|malformed|unsupported|bad[ _-]?request|unprocessable|validation|(?:can ?not|could not|unable to) (?:parse|decode|read)|\bnot (?:allowed|supported|valid)\b|\b(?:must|should) (?:not )?be\b|\bat (?:most|least)\b|content[ _-]?(?:filter|policy)|moderation|sensitive|敏感|违规/i,
  ],
  [AWAY, /time.?out|deadline|try again|busy/i],
]

/** The status that the API has for an error without one; 400 where its words tell of nothing but the input. */
export function toldStatus(told: {
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message: string
}): number {
  // A server chooses its codes: what they tell goes before a message that names a limit or a field. Those of "server error" tell too little.
  const byCode = statusIn([told.code, told.type].join('\n'))
  if (byCode !== REFUSED && byCode !== AWAY) return byCode
  const status = meantStatus({ status: REFUSED, ...told })
  return status === REFUSED ? statusIn([told.code, told.type, told.message].join('\n')) : status
}

function statusIn(words: string): number {
  return WORDS.find(([, known]) => known.test(words))?.[0] ?? REFUSED
}
