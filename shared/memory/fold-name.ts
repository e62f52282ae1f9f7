/** İ in small letters: the capital of i where it is written. */
const DOTTED = 'i\u0307'
/** Characters that nobody sees. */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu
/** Names that apps write where they have none: of two guests nobody knows that they are one. */
const ROLE_NAMES = new Set(
  [
    '',
    'user|human|customer|client|assistant|ai|bot|agent|me|you|i|myself|guest|visitor|anonymous|anon|unknown|unnamed|none|null|undefined|n/a',
    'nutzer|nutzerin|benutzer|benutzerin|kunde|kundin|gast|ich|unbekannt|anonym|utilisateur|utilisatrice|invité|client|cliente|moi|anonyme|inconnu',
    'usuario|usuaria|cliente|invitado|invitada|anónimo|usuário|usuária|convidado|anônimo|utente|ospite|anonimo|gebruiker|klant|anoniem',
    'użytkownik|gość|klient|anonim|пользователь|гость|клиент|аноним|користувач|гість|kullanıcı|misafir|müşteri|anonim|användare|gäst|bruger|bruker|gjest',
    '用户|用戶|访客|訪客|客户|匿名|我|ユーザー|ゲスト|私|사용자|게스트|손님|익명|المستخدم|مستخدم|زائر|ضيف|उपयोगकर्ता|अतिथि',
  ]
    .join('|')
    .split('|')
    .map(foldName),
)

/** A name in the one form in which names are compared: whatever the case, the width, the spaces and what nobody sees. */
export function foldName(name: string): string {
  // Upper case first: it makes one of letters that have several small forms.
  const folded = name
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(DOTTED, 'i')
  return folded.split(/\s/).filter(Boolean).join(' ')
}

/** Whether a name tells one speaker from another. */
export function isTellingName(name: string | null | undefined): boolean {
  return !ROLE_NAMES.has(foldName(name ?? ''))
}
