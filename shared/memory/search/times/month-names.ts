/** The names of the months and their short forms in twenty European and Asian languages, in lower case, as people write them alone and beside a day. */

const NAMES = [
  'january jan januar janvier janv enero ene janeiro gennaio gen januari styczeń stycznia sty leden ledna led январь января янв січень січня січ ocak oca tammikuu tammikuuta tammi január ianuarie ian ιανουαρίου ιαν',
  'february feb februar février févr febrero fevereiro fev febbraio februari luty lutego lut únor února úno февраль февраля февр лютий лютого лют şubat şub helmikuu helmikuuta helmi február febr februarie φεβρουαρίου φεβ',
  'march mar märz mär mars marzo março maart mrt marzec marca březen března bře март марта березень березня бер mart marts maaliskuu maaliskuuta maalis március márc martie μαρτίου μαρ maret',
  'april apr avril avr abril abr aprile kwiecień kwietnia kwi duben dubna dub апрель апреля апр квітень квітня квіт nisan nis huhtikuu huhtikuuta huhti április ápr aprilie απριλίου απρ',
  'may mai mayo maio maggio mag mei maj maja květen května kvě май мая травень травня трав mayıs toukokuu toukokuuta touko május máj μαΐου μαΐ',
  'june jun juni juin junio junho giugno giu czerwiec czerwca cze červen června čvn июнь июня червень червня черв haziran haz kesäkuu kesäkuuta kesä június jún iunie iun ιουνίου ιουν',
  'july jul juli juillet juil julio julho luglio lug lipiec lipca lip červenec července čvc июль июля липень липня лип temmuz tem heinäkuu heinäkuuta heinä július júl iulie iul ιουλίου ιουλ',
  'august aug août agosto ago augustus sierpień sierpnia sie srpen srpna srp август августа авг серпень серпня серп ağustos ağu augusti elokuu elokuuta elo augusztus αυγούστου αυγ agustus agu',
  'september sep septembre sept septiembre setembro set settembre wrzesień września wrz září zář сентябрь сентября сент вересень вересня вер eylül eyl syyskuu syyskuuta syys szeptember szept septembrie σεπτεμβρίου σεπ',
  'october oct oktober okt octobre octubre outubro out ottobre ott październik października paź říjen října říj октябрь октября окт жовтень жовтня жовт ekim eki lokakuu lokakuuta loka október octombrie οκτωβρίου οκτ',
  'november nov novembre noviembre novembro listopad listopada lis listopadu ноябрь ноября нояб листопад листопада лист kasım kas marraskuu marraskuuta marras noiembrie νοεμβρίου νοε',
  'december dec dezember dez décembre déc diciembre dic dezembro dicembre grudzień grudnia gru prosinec prosince pro декабрь декабря дек грудень грудня груд aralık ara desember des joulukuu joulukuuta joulu decembrie δεκεμβρίου δεκ',
]

/** Name -> month, 0 being January. */
export const MONTH_BY_NAME: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, month) => names.split(' ').map((name): [string, number] => [name, month])),
)
