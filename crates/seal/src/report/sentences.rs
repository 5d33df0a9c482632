//! What a verdict says, in four languages: one text for each sentence. `{…}` stands for a day, an age or a list of names.
//!
//! Finnish, Portuguese and Spanish are the project's own drafts until an institution has reviewed them.

use crate::verdict::Sentence;

/// The text of a sentence in English, Finnish, Portuguese and Spanish.
#[expect(clippy::too_many_lines, reason = "a catalogue is read as one table")]
pub(super) const fn texts(sentence: Sentence) -> [&'static str; 4] {
    match sentence {
        Sentence::AllHold => [
            "Every signature and digest at hand was checked and holds.",
            "Kaikki saatavilla olevat allekirjoitukset ja tiivisteet tarkistettiin, ja ne pitävät.",
            "Todas as assinaturas e resumos disponíveis foram verificados e estão certos.",
            "Todas las firmas y resúmenes disponibles se han comprobado y son correctos.",
        ],
        Sentence::NotChecked => [
            "Not checked, because something it rests on does not hold or is not at hand.",
            "Ei tarkistettu, koska sen perusta ei pidä tai puuttuu.",
            "Não verificado, porque aquilo em que assenta falha ou não está disponível.",
            "Sin comprobar, porque aquello en que se apoya falla o no está disponible.",
        ],
        Sentence::SignatureHolds => [
            "The content is as it was signed.",
            "Sisältö on sellaisena kuin se allekirjoitettiin.",
            "O conteúdo está tal como foi assinado.",
            "El contenido está tal como se firmó.",
        ],
        Sentence::BadSignature => [
            "The content was altered, or was not signed by the one it names.",
            "Sisältöä on muutettu, tai sen allekirjoittaja ei ole se, joka siinä nimetään.",
            "O conteúdo foi alterado, ou não foi assinado por quem indica.",
            "El contenido se alteró, o no lo firmó quien indica.",
        ],
        Sentence::IssuerHolds => [
            "A key of the institution stands behind it (key list no. {keys}).",
            "Laitoksen avain on sen takana (avainluettelo nro {keys}).",
            "Uma chave da instituição responde por ele (lista de chaves n.º {keys}).",
            "Una clave de la institución responde por él (lista de claves n.º {keys}).",
        ],
        Sentence::NoTrust => [
            "This device holds no keys of the institution. Load its trust file, then check again.",
            "Tässä laitteessa ei ole laitoksen avaimia. Lataa luottamustiedosto ja tarkista uudelleen.",
            "Este dispositivo não tem as chaves da instituição. Carregue o ficheiro de confiança e verifique de novo.",
            "Este dispositivo no tiene las claves de la institución. Cargue el archivo de confianza y compruebe otra vez.",
        ],
        Sentence::UnknownIssuer => [
            "The key list at hand does not hold the key that was used. It may be another institution's; or load a newer list.",
            "Käytettyä avainta ei ole avainluettelossa. Se voi olla toisen laitoksen; tai lataa uudempi luettelo.",
            "A lista de chaves disponível não contém a chave usada. Pode ser de outra instituição; ou carregue uma lista mais recente.",
            "La lista de claves disponible no contiene la clave usada. Puede ser de otra institución; o cargue una lista más reciente.",
        ],
        Sentence::OtherPurpose => [
            "It was signed for another purpose, such as practice, and passed off as this one.",
            "Se allekirjoitettiin muuhun tarkoitukseen, kuten harjoitteluun, ja esitetään tällaisena.",
            "Foi assinado para outro fim, como treino, e apresentado como este.",
            "Se firmó para otro fin, como práctica, y se presenta como este.",
        ],
        Sentence::ForgedDelegation => [
            "It names a key of the institution, and that key did not sign it.",
            "Siinä nimetään laitoksen avain, mutta se avain ei allekirjoittanut sitä.",
            "Indica uma chave da instituição, e essa chave não o assinou.",
            "Indica una clave de la institución, y esa clave no lo firmó.",
        ],
        Sentence::CompromisedKey => [
            "A key behind it may be in other hands. Ask the institution.",
            "Sen takana oleva avain voi olla muiden hallussa. Kysy laitokselta.",
            "Uma chave que o sustenta pode estar noutras mãos. Pergunte à instituição.",
            "Una clave que lo respalda puede estar en otras manos. Pregunte a la institución.",
        ],
        Sentence::DelegationHolds => [
            "Whoever signed it was allowed to, on that day.",
            "Allekirjoittajalla oli siihen lupa sinä päivänä.",
            "Quem o assinou estava autorizado nesse dia.",
            "Quien lo firmó estaba autorizado ese día.",
        ],
        Sentence::MayNotCertify => [
            "The assessor was not allowed to do this.",
            "Arvioijalla ei ollut tähän lupaa.",
            "O avaliador não estava autorizado a fazê-lo.",
            "El evaluador no estaba autorizado a hacerlo.",
        ],
        Sentence::OutsideDelegation => [
            "The assessor's permission does not cover {issued}.",
            "Arvioijan lupa ei kata päivää {issued}.",
            "A autorização do avaliador não abrange {issued}.",
            "La autorización del evaluador no abarca el {issued}.",
        ],
        Sentence::OutsideDelegationClock => [
            "The assessor's permission does not cover {issued}, but the clock that wrote this day is in doubt. Ask the institution.",
            "Arvioijan lupa ei kata päivää {issued}, mutta päivän kirjannut kello on epävarma. Kysy laitokselta.",
            "A autorização do avaliador não abrange {issued}, mas o relógio que escreveu este dia é duvidoso. Pergunte à instituição.",
            "La autorización del evaluador no abarca el {issued}, pero el reloj que escribió ese día es dudoso. Pregunte a la institución.",
        ],
        Sentence::NotListed => [
            "A key behind it was declared lost, and the institution's list of what still stands does not hold it.",
            "Sen takana oleva avain on ilmoitettu menetetyksi, eikä se ole voimaan jääneiden luettelossa.",
            "Uma chave que o sustenta foi declarada perdida, e não consta da lista do que continua válido.",
            "Una clave que lo respalda se declaró perdida, y no consta en la lista de lo que sigue en pie.",
        ],
        Sentence::RetiredNotHeld => [
            "The assessor's permission has ended, and on {list} the register did not hold this. Ask the institution.",
            "Arvioijan lupa on päättynyt, eikä tätä ollut rekisterissä {list}. Kysy laitokselta.",
            "A autorização do avaliador terminou, e em {list} o registo não continha isto. Pergunte à instituição.",
            "La autorización del evaluador terminó, y el {list} el registro no tenía esto. Pregunte a la institución.",
        ],
        Sentence::PartsWhole => [
            "Everything inside is what was signed.",
            "Kaikki sisällä on sitä, mikä allekirjoitettiin.",
            "Tudo o que contém é o que foi assinado.",
            "Todo lo que contiene es lo que se firmó.",
        ],
        Sentence::PartsAbsent => [
            "Not at hand: {absent}. What is at hand is what was signed.",
            "Puuttuu: {absent}. Saatavilla oleva on sitä, mikä allekirjoitettiin.",
            "Não disponível: {absent}. O que está disponível é o que foi assinado.",
            "No disponible: {absent}. Lo que está disponible es lo que se firmó.",
        ],
        Sentence::PartAltered => [
            "A part inside is not the one that was sealed.",
            "Jokin osa ei ole se, joka sinetöitiin.",
            "Uma parte não é a que foi selada.",
            "Una parte no es la que se selló.",
        ],
        Sentence::SchemeForged => [
            "The scheme inside was not signed by the institution for this assessor.",
            "Laitos ei ole allekirjoittanut sisällä olevaa ohjelmaa tälle arvioijalle.",
            "O programa incluído não foi assinado pela instituição para este avaliador.",
            "El programa incluido no lo firmó la institución para este evaluador.",
        ],
        Sentence::EndorsementForged => [
            "An endorsement inside is not what it says it is.",
            "Sisällä oleva vahvistus ei ole se, mikä se sanoo olevansa.",
            "Uma confirmação incluída não é o que diz ser.",
            "Una confirmación incluida no es lo que dice ser.",
        ],
        Sentence::NeedsNewer => [
            "Something inside needs a newer program than this one.",
            "Jokin sen sisällä vaatii uudemman ohjelman.",
            "Algo que contém precisa de um programa mais recente.",
            "Algo de su contenido necesita un programa más reciente.",
        ],
        Sentence::NotGenuine => ["It is not genuine.", "Se ei ole aito.", "Não é autêntico.", "No es auténtico."],
        Sentence::GenuineUnknown => [
            "It could not be told whether it is genuine.",
            "Aitoutta ei voitu todeta.",
            "Não foi possível saber se é autêntico.",
            "No se pudo saber si es auténtico.",
        ],
        Sentence::NotWithdrawn => [
            "Not withdrawn as of {list}.",
            "Ei peruttu {list} mennessä.",
            "Não retirado até {list}.",
            "No retirado a fecha de {list}.",
        ],
        Sentence::Revoked => [
            "The institution revoked it on {withdrawn}.",
            "Laitos perui sen {withdrawn}.",
            "A instituição revogou-o em {withdrawn}.",
            "La institución lo revocó el {withdrawn}.",
        ],
        Sentence::Suspended => [
            "The institution suspended it on {withdrawn}.",
            "Laitos asetti sen toistaiseksi pois voimasta {withdrawn}.",
            "A instituição suspendeu-o em {withdrawn}.",
            "La institución lo suspendió el {withdrawn}.",
        ],
        Sentence::Refused => [
            "The register refused the record behind it on {withdrawn}.",
            "Rekisteri hylkäsi sen takana olevan asiakirjan {withdrawn}.",
            "O registo recusou em {withdrawn} o documento que o sustenta.",
            "El registro rechazó el {withdrawn} el expediente que lo respalda.",
        ],
        Sentence::NoList => [
            "The institution's list of what was withdrawn is not at hand. Load it, then check again.",
            "Laitoksen luetteloa perutuista ei ole saatavilla. Lataa se ja tarkista uudelleen.",
            "A lista da instituição do que foi retirado não está disponível. Carregue-a e verifique de novo.",
            "La lista de lo retirado por la institución no está disponible. Cárguela y compruebe otra vez.",
        ],
        Sentence::ListBeforeIssue => [
            "The list of what was withdrawn, of {list}, is older than this. Load a newer one.",
            "Luettelo perutuista ({list}) on tätä vanhempi. Lataa uudempi.",
            "A lista do que foi retirado, de {list}, é anterior a isto. Carregue uma mais recente.",
            "La lista de lo retirado, de {list}, es anterior a esto. Cargue una más reciente.",
        ],
        Sentence::ListAtHand => [
            "At hand, as of {list}: {age} old.",
            "Saatavilla, päivältä {list}: ikä {age}.",
            "Disponível, de {list}: com {age}.",
            "Disponible, de {list}: con {age}.",
        ],
        Sentence::OwnClockBehind => [
            "This device's clock says {today}, which is earlier than what it is checking. Set the clock, then check again.",
            "Tämän laitteen kello näyttää {today}, mikä on tarkistettavaa aiempi. Aseta kello ja tarkista uudelleen.",
            "O relógio deste dispositivo indica {today}, antes do que está a verificar. Acerte o relógio e verifique de novo.",
            "El reloj de este dispositivo dice {today}, antes de lo que comprueba. Ponga el reloj en hora y compruebe otra vez.",
        ],
        Sentence::ClockSound => [
            "The time it names agrees with what the register said.",
            "Sen ilmoittama aika sopii rekisterin tietoihin.",
            "A hora que indica concorda com o que disse o registo.",
            "La hora que indica concuerda con lo que dijo el registro.",
        ],
        Sentence::ClockInDoubt => [
            "The clock that dated it was in doubt, or had not met the register for too long. Ask the institution.",
            "Sen päivännyt kello oli epävarma tai liian kauan ilman yhteyttä rekisteriin. Kysy laitokselta.",
            "O relógio que o datou era duvidoso, ou esteve tempo de mais sem contacto com o registo. Pergunte à instituição.",
            "El reloj que lo fechó era dudoso, o estuvo demasiado tiempo sin contacto con el registro. Pregunte a la institución.",
        ],
        Sentence::Expired => [
            "It expired after {until}.",
            "Sen voimassaolo päättyi {until}.",
            "Expirou depois de {until}.",
            "Caducó después del {until}.",
        ],
        Sentence::WithinTerm => [
            "Its days are running.",
            "Voimassaoloaika on käynnissä.",
            "O prazo está a decorrer.",
            "El plazo está en curso.",
        ],
        Sentence::PastConfirmBy => [
            "It should have been in the register by {confirm} and was not shown to be. Ask the institution.",
            "Sen olisi pitänyt olla rekisterissä {confirm} mennessä, eikä sitä ole osoitettu. Kysy laitokselta.",
            "Devia estar no registo até {confirm} e tal não foi mostrado. Pergunte à instituição.",
            "Debía estar en el registro antes del {confirm} y no se ha mostrado. Pregunte a la institución.",
        ],
        Sentence::OnSite => [
            "Issued on site, not yet shown in the register; to be confirmed by {confirm}.",
            "Annettu paikan päällä, ei vielä osoitettu rekisterissä; vahvistettava {confirm} mennessä.",
            "Emitido no local, ainda não mostrado no registo; a confirmar até {confirm}.",
            "Emitido en el lugar, aún no mostrado en el registro; por confirmar antes del {confirm}.",
        ],
        Sentence::InRegister => {
            ["The register holds it.", "Se on rekisterissä.", "O registo contém-no.", "El registro lo contiene."]
        }
        Sentence::RecordOnly => [
            "A record shows what was seen. Whether a certificate is in force is shown by the certificate.",
            "Asiakirja näyttää, mitä nähtiin. Todistuksen voimassaolon näyttää todistus.",
            "Um registo mostra o que foi visto. Se um certificado está em vigor, mostra-o o certificado.",
            "Un expediente muestra lo que se vio. Si un certificado está vigente lo muestra el certificado.",
        ],
    }
}
