import { isExampleValue } from './example-value.ts'
import type { FoundSecret } from './secret-span.ts'
import { isPasswordLike, isRandomLike } from './value-strength.ts'

/**
 * Finds secrets that have more form than a prefix: blocks of private keys, tokens in parts, credentials in addresses, headers and commands.
 * Guarantees: linear time, since every pattern begins where a run begins and is bounded.
 */

/** `hint` is a piece, in small letters, without which the pattern need not be tried, or such pieces. */
type Shape = {
  readonly kind: string
  readonly hint?: string | readonly string[] | RegExp
  readonly pattern: RegExp
  accepts?(value: string): boolean
}

/** An argument of a call, with the comma behind it. */
const ARGUMENT = String.raw`(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[\w.$>:-]{1,80})\s{0,4},\s{0,20}`
const QUOTED = String.raw`[bu]?["'\x60](?<secret>[^\s"'\x60]{4,200})["'\x60]`

/** Where there is a group `secret`, it alone is the secret. */
const SHAPES: readonly Shape[] = [
  {
    kind: 'private-key',
    hint: 'private key',
    // Headers such as "Proc-Type: 4,ENCRYPTED" may stand in between, line ends may be escaped, lines may be strings. The end may be cut off.
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,.()]|-(?!----)|["'][\s+.\\]{0,80}["'](?=[\w+/=]{12}|-----END)|["']\s{0,40},\s{0,40}["'](?=[A-Za-z0-9+/=]{40}|-----END|[A-Za-z0-9+/=]{1,76}(?:\\[nr]){0,2}["']\s{0,40},?\s{0,40}["']-----END)){0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
    accepts: (block) => /[A-Za-z0-9+/=]{20}/.test(block),
  },
  {
    kind: 'private-key',
    hint: 'private-lines',
    pattern: /Private-Lines: \d{1,3}\s{1,4}(?<secret>(?:[A-Za-z0-9+/=]{1,64}\s{1,4}){1,99})/dg,
  },
  {
    kind: 'private-key',
    hint: 'ls0tls1crudjti',
    // The same in base64, as in a kubeconfig: RSA, EC, OpenSSH, encrypted and plain ones; a certificate is public.
    pattern:
      /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi(?:BSU0EgUFJJ|BFQyBQUkl|BPUEVOU1NI|BFTkNSWVBU|BQUklWQVRF)[A-Za-z0-9+/=]{20,20000}/g,
  },
  { kind: 'firebase-key', hint: ':apa91b', pattern: /(?<![\w-])[\w-]{11}:APA91b[\w-]{100,200}(?![\w-])/g },
  { kind: 'clickup-token', hint: 'pk_', pattern: /(?<!\w)pk_\d{5,9}_[A-Z0-9]{32}(?!\w)/g },
  {
    kind: 'secret-url',
    hint: '://',
    // What whoever has the address may do, without asking for more: calls of hooks, private feeds, invitations.
    pattern:
      /\bhttps?:\/\/(?:[\w.-]{1,100}\/[^\s?#"'<>]{0,120}?\b(?:hooks?|webhooks?|catch|key|token|private|secret|invite|magic|reset|unlock)[/-])(?<secret>(?:[\w-]{1,40}\/){0,2}[\w-]{9,200})(?![\w-])/dgi,
    accepts: (value) =>
      /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/i.test(value) ||
      (isRandomLike(lastPart(value), 9) && !SLUG.test(value) && !/\/(?:blob|tree|commits?)\//.test(value)),
  },
  {
    kind: 'secret-url',
    hint: '://hook',
    pattern:
      /\bhttps?:\/\/hooks?\.[\w.-]{1,80}\/(?:[a-z-]{1,20}\/){0,3}(?<secret>(?:\d{3,20}\/)?[\w-]{6,200})(?![\w-])/dgi,
    accepts: hasDigitAndLetter,
  },
  { kind: 'jwt', hint: 'eyj', pattern: /(?<![\w-])eyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}(?:\.[\w-]{0,4000})?/g },
  {
    kind: 'slack-webhook',
    hint: 'hooks.slack.com',
    pattern: /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[\w/]{20,200})/dg,
  },
  {
    kind: 'discord-webhook',
    hint: '/api/webhooks/',
    pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/(?<secret>[\w-]{30,100})/dg,
  },
  {
    kind: 'teams-webhook',
    hint: 'webhook.office.com',
    pattern: /\bwebhook\.office\.com\/webhookb2\/(?<secret>[\w@/-]{60,300})/dg,
  },
  { kind: 'discord-token', pattern: /(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g },
  { kind: 'telegram-token', hint: ':aa', pattern: /(?<![\w-])(?:bot)?(?<secret>\d{8,10}:AA[\w-]{32,36})(?![\w-])/dg },
  { kind: 'mailchimp-key', hint: '-us', pattern: /(?<!\w)[\da-f]{32}-us\d{1,2}(?!\w)/g },
  {
    kind: 'mailgun-key',
    hint: /-[\da-f]{8}-[\da-f]{8}/,
    pattern: /(?<![\w-])[\da-f]{32}-[\da-f]{8}-[\da-f]{8}(?![\w-])/g,
  },
  { kind: 'terraform-token', hint: '.atlasv1.', pattern: /(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,100}/g },
  { kind: 'azure-secret', hint: 'q~', pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/g },
  { kind: 'google-key', hint: '1//0', pattern: /(?<![\w/])1\/\/0[\w-]{40,120}/g },
  { kind: 'vault-token', pattern: /(?<![\w.-])s\.(?=[A-Za-z]{0,23}\d)[A-Za-z0-9]{24}(?![\w.])/g },
  {
    kind: 'paypal-token',
    hint: 'access_token$',
    pattern: /access_token\$(?:production|sandbox)\$(?<secret>[a-z0-9]{16}\$[\da-f]{32})/dg,
  },
  {
    kind: 'signed-url',
    hint: ['sig=', 'signature=', 'token=', 'key=', 'auth='],
    pattern:
      /[?&](?:sig|signature|X-Amz-Signature|X-Goog-Signature|X-Amz-Security-Token|token|access_token|api_?key|key|auth)=(?<secret>[\w%+/=.~-]{16,2000})/dgi,
    accepts: (value) => hasDigitAndLetter(value.replace(ESCAPED, ' ')),
  },
  {
    kind: 'signed-url',
    hint: ['code=', 'secret=', 'pwd=', 'ticket=', 'invite=', 'otp=', 'sas='],
    pattern: /[?&](?:code|secret|client_secret|pwd|ticket|invite|otp|sas)=(?<secret>[\w%+/=.~-]{16,2000})/dgi,
    accepts: (value) => isRandomLike(value),
  },
  {
    kind: 'provider-token',
    hint: /[_-][a-z\d]{40}/,
    // Of a provider that no table knows: more is drawn by chance than in any identifier. Behind a `#` stands a place on a page.
    pattern: /(?<![\w#-])[a-z]{2,12}(?:[_-][a-z\d]{1,8}){0,2}[_-](?<secret>[A-Za-z\d]{40,200})(?![\w-])/dg,
    accepts: (value) => /[A-Z]/.test(value) && /[a-z]/.test(value) && /\d/.test(value) && isRandomLike(value),
  },
  // The user may be missing; an address without a password is none.
  {
    kind: 'url-password',
    hint: '://',
    pattern: /:\/\/[^\s/:@'"`<>]{0,100}:(?<secret>[^\s/@'"`<>]{1,200})@(?=[\w[])/dg,
    // The name of a variable stands for its value.
    accepts: (value) => !/^[A-Z]+_[A-Z_]{0,60}(?:TOKEN|PASSWORD|SECRET|KEY)$/.test(value),
  },
  {
    kind: 'url-password',
    hint: '://',
    pattern: /\bhttps?:\/\/(?<secret>[\w-]{20,200})@(?=[\w[])/dg,
    accepts: hasDigitAndLetter,
  },
  {
    kind: 'url-password',
    hint: ['jdbc:oracle:', 'sqlplus '],
    pattern: /\b(?:jdbc:oracle:\w{2,6}:|sqlplus (?:-\w{1,2} ){0,4}"?)[\w$#]{1,60}\/(?<secret>[^\s/@'"`<>]{1,100})@/dg,
  },
  {
    // A line of .htpasswd or of a shadow file: the hash is as good as the password to who has time.
    kind: 'password',
    hint: /:\$[a-z\d]/,
    pattern: /(?<![\w.-])[\w.@-]{1,60}:(?<secret>\$(?:2[abxy]|apr1|argon2id?|[156y])\$[\w./$=,+-]{20,200})/dg,
  },
  {
    // Behind the identifier that belongs to it.
    kind: 'assigned-secret',
    hint: /(?:ak|as)ia|ltai|akid/,
    pattern: /\b(?:AKIA|ASIA|LTAI|AKID)[A-Za-z\d]{12,36}["'],\s{0,20}["'](?<secret>[\w+/]{28,80}={0,2})["']/dg,
    accepts: (value) => isRandomLike(value),
  },
  {
    // Where the header is told after its value.
    kind: 'authorization',
    hint: 'forhttpheaderfield',
    pattern: /"(?<secret>[\w.~+/=-]{16,4000})", forHTTPHeaderField: "[\w-]{0,40}(?:authorization|key|token|secret)"/dgi,
    accepts: hasDigitAndLetter,
  },
  {
    kind: 'authorization',
    hint: 'authorization',
    pattern:
      /\b(?:authorization|proxy-authorization)["'`\]]{0,2}\s{0,4}[:=,]\s{0,4}["'`]{0,2}(?:(?:bearer|basic|token|apikey|api-key|key|digest|ssws|bot|oauth|splunk|genie-?key|pve[a-z]{0,8}token=?)[ =]{1,3}){0,2}(?<secret>[\w.~+/:=@!-]{8,4000})(?![\w.~+/:=@!(-])/dgi,
    accepts: (value) =>
      !/^(?:bearer|basic|token|digest|aws4-hmac-sha256)$|^https?:|^:|^oauth_\w{1,40}=$/i.test(value) &&
      (/\d/.test(value) || value.length >= 16) &&
      !/^[a-z]+(?:[._-][a-z]+)*$/i.test(value) &&
      // A path, a name with its number, a member: `docs/authorization.md`, `authorization2`, `self.header_1`.
      !/^[a-z]+(?:[./_-][a-z]+)*$|^authorization\d{1,2}$/.test(value) &&
      (isRandomLike(value) || !/^[a-z]{2,10}\.[a-z_]\w*=?$/.test(value)),
  },
  {
    kind: 'authorization',
    hint: ['bearer', 'basic'],
    pattern: /(?<!\w)(?:bearer|basic)[ \t]{1,4}(?<secret>[\w.~+/=-]{16,4000})/dgi,
    accepts: (value) =>
      hasDigitAndLetter(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value) && /={1,2}$/.test(value)),
  },
  {
    kind: 'cookie',
    hint: ['cookie', 'curl'],
    pattern:
      /(?:\b(?:set-)?cookie["'`]{0,2}\s{0,4}:\s{0,4}|\bcurl\b(?:\\\n|&(?!&)|[^&\n;|]){0,400}?\s(?:-b|--cookie)[ =])["'`]{0,2}[\w.-]{1,60}=(?<secret>[\w%+/=.~-]{16,4000})/dgi,
    accepts: hasDigitAndLetter,
  },
  {
    kind: 'password',
    hint: ['-u', '--user', '--proxy-user', 'userpwd'],
    pattern:
      /(?<![\w-])(?:(?:-u|--user|--proxy-user)(?:[ \t]{1,4}|=)|CURLOPT_(?:PROXY)?USERPWD["']?[ \t]{0,4}(?:,|=>)[ \t]{0,4})["']?[\w.@+-]{1,100}:(?<secret>[^\s"'`:$<{/\\]{2,200})(?![\w/])/dg,
    accepts: isNoPort,
  },
  {
    kind: 'password',
    hint: /-(?:pass|secret|token|api-k|auth-t|access-t|pw|requirepass|masterauth|storepass|keypass)[a-z-]{0,10}[ \t=]/,
    pattern:
      /(?<![\w-])--?(?:pass|passwd|password|passphrase|secret|token|api-key|auth-token|access-token|secret-key|pw|requirepass|masterauth|storepass|keypass)(?:[ \t]{1,4}|=)["']?(?<secret>(?!\.\$)[^\s"'`$<{,;)\]-][^\s"'`,;)\]]{3,200})/dg,
    accepts: (value) => /[\d!@#$%^&*]/.test(value),
  },
  {
    kind: 'password',
    hint: ['mysql', 'mariadb'],
    pattern: /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,200}? -p["']?(?<secret>[^\s"'`$<{-][^\s"'`]{3,100})/dg,
  },
  {
    kind: 'password',
    hint: /:(?:\d{4,5}|\*):/,
    // A line of .pgpass.
    pattern:
      /(?<![\w.:-])[\w.*-]{1,100}:(?:\d{4,5}|\*):[\w*-]{1,60}:[\w.@-]{1,60}:(?<secret>[^\s:'"`]{4,200})(?![\w:])/dg,
    accepts: (value) => isPasswordLike(value, true),
  },
  {
    kind: 'password',
    hint: [' -k', ' -p', ' -n'],
    pattern:
      /\b(?:openssl|zip|unzip|7za?|unrar|qpdf|ssh-keygen)\b[^\n]{0,200}? -(?:k|P|p|N)[ \t]{0,2}["']?(?<secret>[^\s"'`$<{-][^\s"'`]{3,100})/dg,
    accepts: (value) => isPasswordLike(value, true),
  },
  {
    kind: 'password',
    hint: /(?:pass|pwd?)[ \t]?[:=]|(?:user(?:name)?|login|account)[ \t:=]|\/user:/,
    pattern:
      /(?:\b(?:pass|pw|pwd)[ \t]?[:=][ \t]{0,2}|(?<!\/\/)\b(?:user(?:name)?|login|account)[:=][ \t]{0,2}[\w.@+-]{2,60}[ \t]?[/|][ \t]?|\b(?:user(?:name)?|login|account)[ \t]?[:=]?[ \t]{0,2}[\w.@-]{1,60}[ \t,;/|]{1,4}(?:and )?(?:pass(?:word|wd)?|pw|pwd)[ \t:=]{1,3}|\/user:[\w.\\@-]{1,80}[ \t]{1,4})["']?(?<secret>[^\s"'`,;]{4,100})/dgi,
    accepts: (value) => isPasswordLike(value, true),
  },
  {
    // A name and a password in one breath: "db creds are app:…", "Zugangsdaten: maya / …".
    kind: 'password',
    hint: 'login|log-in|creds|credentials|basic auth|zugangsdaten|anmeldedaten|identifiants|credenciales|credenciais|credenziali|inloggegevens|dane logowania|inloggningsuppgifter|логин|учётные данные|账号|帳號|ログイン|로그인'.split(
      '|',
    ),
    pattern:
      /(?:\b(?:log-?ins?|creds|credentials|basic auth|zugangsdaten|anmeldedaten|identifiants|credenciales|credenciais|credenziali|inloggegevens|dane logowania|inloggningsuppgifter)|логин|учётные данные|账号|帳號|ログイン|로그인)[^.!?:=：\n]{0,40}?(?:[:=：]| (?:is|are|sind|sont|son|são|sono|zijn|to|är)(?= )|(?:是|は|은|는))[ ]{0,2}[\w.@+-]{2,40}[ ]?[:/|][ ]?(?<secret>[^\s"'`,;/]{4,60})/dgi,
    accepts: (value) => isPasswordLike(value, true),
  },
  {
    kind: 'password',
    hint: 'echo',
    pattern:
      /\becho[ \t]{1,4}["']?(?:[\w.-]{1,40}:)?(?<secret>[^\s"'`$<{|-][^\s"'`|]{3,100})["']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4}-S|(?:sudo[ \t]{1,4})?(?:docker|(?:ch)?passwd|podman))/dg,
  },
  {
    kind: 'password',
    hint: [' -p', ' -a', ' -w'],
    pattern:
      /\b(?:sshpass|docker login|podman login|helm registry login|az login|redis-cli|mongo(?:sh)?|ldapsearch)\b[^\n]{0,200}? -(?:p|a|w)[ \t]{0,4}["']?(?<secret>[^\s"'`$<{[-][^\s"'`]{3,100})/dg,
    accepts: (value) => !/^\d{1,5}(?::\d{1,5})?$/.test(value),
  },
  {
    // Behind a name, or behind an address and a name: `HTTPBasicAuth('maya', '…')`, `DriverManager.getConnection(url, "sa", "…")`.
    kind: 'password',
    hint: ['auth', 'credential', 'connect', 'mysqli', 'pdo(', 'login', 'log_in', 'signin', 'sign_in'],
    pattern: new RegExp(
      String.raw`\b(?:(?:NetworkCredential|UsernamePasswordCredentials?|PasswordAuthentication|UsernamePasswordAuthenticationToken|HTTP(?:Basic|Digest|Proxy)Auth|set_?basic_?auth|(?<=\.)basic_?auth|Credentials\.basic|log_?in|sign_?in|(?<!\w)auth=)(?:\(\s{0,20}|[ \t](?=["']))${ARGUMENT}(?:Some\()?|(?:DriverManager\.getConnection|mysqli_connect|mysqli|PDO)\(\s{0,20}(?:${ARGUMENT}){2})${QUOTED}`,
      'dgi',
    ),
    // One digit behind a small word is a name: `login('web', 'guard2')`.
    accepts: (value) => isPasswordLike(value, /\p{Lu}/u.test(value)),
  },
  {
    // What signs tokens and cookies.
    kind: 'password',
    hint: ['jwt', 'hmac', 'cookieparser'],
    pattern: new RegExp(
      String.raw`\b(?:jwt\.(?:sign|verify|encode)\(\s{0,20}(?:\{[^{}\n]{0,200}\}\s{0,4},\s{0,20}|${ARGUMENT})|createHmac\(\s{0,20}${ARGUMENT}|hmac\.new\(\s{0,20}|cookieParser\()${QUOTED}`,
      'dgi',
    ),
    // It may be in a file.
    accepts: (value) => isPasswordLike(value) && !/[/\\]|\.[a-z]{3,4}$/.test(value),
  },
  {
    // A data source of Go.
    kind: 'password',
    hint: ['@tcp(', '@unix('],
    pattern: /(?<![\w:/.-])[\w.-]{1,60}:(?<secret>[^\s:@/"'`]{3,100})@(?:tcp|unix)\([^()\s]{0,200}\)\//dg,
  },
  {
    kind: 'password',
    hint: ['sqlcmd', 'bcp', 'osql', 'isql', 'smbclient', 'mount.cifs', 'rclone'],
    pattern:
      /\b(?:(?:sqlcmd|bcp|osql|isql)\b[^\n;|&]{0,200}? -U[ \t]{0,2}["']?[\w.\\@-]{1,60}["']?[ \t]{1,4}-P[ \t]{0,2}|smbclient\b[^\n]{0,200}? -U[ \t]{0,2}["']?[\w.\\/-]{1,60}%|rclone[ \t]{1,4}obscure[ \t]{1,4})["']?(?<secret>[^\s"'`$<{-][^\s"'`]{3,100})/dg,
    accepts: (value) => isPasswordLike(value, true),
  },
  {
    kind: 'password',
    hint: 'machine ',
    pattern:
      /\bmachine[ \t]{1,4}[^\s]{1,100}[ \t\n]{1,8}login[ \t]{1,4}[^\s]{1,100}[ \t\n]{1,8}password[ \t]{1,4}(?<secret>[^\s]{2,200})/dg,
  },
]

/** The shaped secrets of a text, shape by shape; `lower` is the text in small letters. */
export function* shapedSecretsIn(text: string, lower: string): Generator<FoundSecret> {
  const pairs = pairsIn(lower)
  for (const { kind, pattern, accepts, pieces, mark } of HINTED) {
    if (!pieces.some((piece) => piece.pairs.every((pair) => pairs[pair] === 1) && lower.includes(piece.text))) continue
    if (mark?.test(lower) === false) continue
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.secret ?? match[0]
      if (accepts?.(value) === false) continue
      // A key's block has runs of its own; a shape with one character only is filler.
      if (kind !== 'private-key' && isExampleValue(value)) continue
      const [start, end] = match.indices?.groups?.secret ?? [match.index, match.index + match[0].length]
      yield { kind, start, end }
    }
  }
}

/** Shapes with the pieces of their hints, and the pairs of which these consist. */
const HINTED = SHAPES.map(({ hint = '', ...shape }) => {
  const texts = hint instanceof RegExp ? [''] : [hint].flat()
  const pieces = texts.map((text) => ({ text, pairs: Array.from(text.slice(1), (_, at) => pairAt(text, at)) }))
  return { ...shape, pieces, mark: hint instanceof RegExp ? hint : undefined }
})

/** By pair, 1 if the text has it: one look at a text instead of one for each piece, most of which no text has. */
function pairsIn(text: string): Uint8Array {
  const pairs = new Uint8Array(PAIRS)
  for (let at = 0; at + 1 < text.length; at++) pairs[pairAt(text, at)] = 1
  return pairs
}

const PAIRS = 128 * 128

/** Beyond ASCII some share their number. */
function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) & 127) * 128 + (text.charCodeAt(at + 1) & 127)
}

/** The title of a page. */
const SLUG = /^[a-z]{1,20}(?:-[a-z\d]{1,20}){2,12}$/

/** A space or a letter beyond ASCII in an address, whose digits say nothing; `%2B` and the like are a key's. */
const ESCAPED = /%(?:20|[89a-f][\da-f])/gi

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function hasDigitAndLetter(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value)
}

/** `docker run -u 1000:1000` names a group, and `host:8080` a port. */
function isNoPort(value: string): boolean {
  return !/^\d{1,5}$/.test(value) && !/^(?:root|users?|staff|wheel|www-data|node|nobody|nogroup|group)$/.test(value)
}
