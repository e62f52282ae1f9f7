import { wordPattern } from './words/word-pattern.ts'

/**
 * Owns the words, in languages other than English, by which a sentence is about code at hand, about what fails at the moment, or about what only nearly
 * happened: it is over when the talk is. What a team uses is not.
 */

const CODE = [
  'regex|bug|bugs|commit|branch|build|array|json|css|html|null|undefined|nan|40\\d|50\\d|stacktrace|exception|query|loop|debug*',
  'funktion|funktionen|variable*|parameter*|schleife*|abfrage*|fehlermeldung*|skript*|datei|dateien|codezeile*|konsole|neu starten|neustart*|test|tests',
  'fonction|fonctions|paramètre*|boucle*|requête*|fichier*|script*|redémarr*|función|funciones|parámetro*|bucle*|expresión regular|fichero*|archivo*|rama|reiniciar|mi prueba',
  'função|funções|parâmetro*|laço|ficheiro*|arquivo*|teste|testes|funzione|funzioni|parametri|parametro|riavvi*|ciclo for|functie|functies|bestand|bestanden|herstart*',
  'funkcj*|parametr*|pętl*|zapytani*|plik|pliku|regex*|функци*|параметр*|цикл*|запрос|запроса|запросы|регулярк*|переменн*|змінн*|файл*|тест|тесты|перезапус*|функція|функцію',
  'fonksiyon*|parametre*|döngü*|sorgu*|dosya*|testim|yeniden başlat*|دالة|ودالة|متغير|متغيرات|معامل|معاملين|استعلام|اختباري|ملف|फ़ंक्शन|फंक्शन|पैरामीटर|टेस्ट|फ़ाइल',
  'funktioner|fil|filen|slinga|funkce|funkci|soubor*|funktio*|tiedosto*|függvény*|funcție|funcția|fișier*|fungsi|berkas|συνάρτηση|αρχείο|פונקציה|קובץ|تابع',
  '函数|变量|参数|循环|查询|正则|文件|测试|分支|重启|関数|変数|引数|正規表現|テスト|ファイル|ブランチ|再起動|함수|변수|인자|정규식|테스트|파일|브랜치|재시작|ฟังก์ชัน|ตัวแปร|ไฟล์',
].join('|')
const FAILS = [
  'schlägt fehl|fehlgeschlagen|stürzt|kompiliert|abgestürzt|échoue*|plante|renvoie*|compile|falla|fallan|devuelve|compila|falha|falham|retorna|trava|fallisce|restituisce|faalt|crasht|compileert',
  'nie przechodzi|zwraca|wywala|kompiluje|падает|возвращает|компилируется|зависает|başarısız|çöküyor|derlenmiyor|يفشل|يتعطل|फेल|एरर|misslyckas|kraschar|fejler|feiler|selhává|padá',
  '报错|失败|返回|崩溃|编译|落ちます|落ちる|失敗|エラー|返しません|실패|에러|오류|반환',
].join('|')
const NEARLY = [
  'fast|beinahe|failli|presque|casi|quase|quasi|bijna|prawie|o mało|чуть не|почти|neredeyse|az kalsın|كدت|كدنا|लगभग|nästan|næsten|nesten|málem|melkein|majdnem|ледь не|мало не|era să|hampir|suýt|παραλίγο|כמעט',
  '差点|差點|危うく|ところでした|ところだった|뻔했|뻔 했|เกือบ',
].join('|')
const USES = [
  'verwend*|nutzen|benutzen|setzen|utilis*|usamos|utilizamos|usiamo|utilizziamo|gebruiken|używamy|используем|kullanıyoruz|نستخدم|इस्तेमाल|använder|bruger|bruker|používáme|käytämme|használunk|folosim|використовуємо|memakai|menggunakan|χρησιμοποιούμε|משתמשים',
  '使用|我们用|使って|使い|사용|써요|ใช้',
].join('|')

let made: { readonly atHand: RegExp; readonly uses: RegExp } | undefined

/** True for a sentence about code at hand, or about what nearly happened. */
export function isCodeTalk(sentence: string): boolean {
  made ??= { atHand: wordPattern(`${CODE}|${FAILS}|${NEARLY}`), uses: wordPattern(USES) }
  return made.atHand.test(sentence) && !made.uses.test(sentence)
}
