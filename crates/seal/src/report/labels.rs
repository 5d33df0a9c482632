//! The words beside the sentences: what a row is called, and the values that are choices. Four languages each.

use fieldproof_model::{
    decision::Outcome,
    gate::{ExerciseState, VoltageKind},
    scheme::PartKind,
};

use crate::{delegation::Role, verdict::Check};

/// A word in English, Finnish, Portuguese and Spanish.
pub(super) type Texts = [&'static str; 4];

pub(super) const GENUINE: Texts = [
    "Genuine as issued?",
    "Aito sellaisena kuin annettiin?",
    "Autêntico tal como emitido?",
    "¿Auténtico tal como se emitió?",
];
pub(super) const IN_FORCE: Texts = ["In force now?", "Voimassa nyt?", "Em vigor agora?", "¿Vigente ahora?"];

pub(super) const GREEN: Texts =
    ["Genuine and in force", "Aito ja voimassa", "Autêntico e em vigor", "Auténtico y vigente"];
pub(super) const AMBER: Texts = ["Could not tell", "Ei voitu todeta", "Não foi possível saber", "No se pudo saber"];
pub(super) const RED: Texts = ["Do not accept", "Älä hyväksy", "Não aceitar", "No aceptar"];
pub(super) const PRACTICE: Texts = ["Practice only", "Vain harjoitus", "Só treino", "Solo práctica"];
pub(super) const DEMONSTRATION: Texts = ["Demonstration only", "Vain esittely", "Só demonstração", "Solo demostración"];
pub(super) const NOT_REAL: Texts = [
    "Nothing here is about a real assessment.",
    "Mikään tässä ei koske todellista arviointia.",
    "Nada aqui diz respeito a uma avaliação real.",
    "Nada de esto se refiere a una evaluación real.",
];

pub(super) const CERTIFICATE: Texts =
    ["Certificate of assessment", "Arviointitodistus", "Certificado de avaliação", "Certificado de evaluación"];
pub(super) const RECORD: Texts = ["Sealed record", "Sinetöity asiakirja", "Registo selado", "Expediente sellado"];

pub(super) const HOLDER: Texts = ["Holder", "Haltija", "Titular", "Titular"];
pub(super) const BIRTH_YEAR: Texts = ["Year of birth", "Syntymävuosi", "Ano de nascimento", "Año de nacimiento"];
pub(super) const IDENTIFIER: Texts = ["Identifier", "Tunniste", "Identificador", "Identificador"];
pub(super) const ASSESSED: Texts = ["Assessed", "Arvioitu", "Avaliado", "Evaluado"];
pub(super) const VERSION: Texts = ["version", "versio", "versão", "versión"];
pub(super) const UNIT: Texts = ["Unit", "Osa", "Unidade", "Unidad"];
pub(super) const PASSED: Texts = ["Parts passed", "Hyväksytyt osat", "Partes aprovadas", "Partes superadas"];
pub(super) const OBJECT: Texts =
    ["Exercise object was", "Harjoituskohde oli", "O objeto do exercício estava", "El objeto del ejercicio estaba"];
pub(super) const VOLTAGE: Texts = ["Voltage present", "Jännite", "Tensão presente", "Tensión presente"];
pub(super) const ASSESSOR: Texts = ["Assessor", "Arvioija", "Avaliador", "Evaluador"];
pub(super) const SECOND_PERSON: Texts = ["Second person", "Toinen henkilö", "Segunda pessoa", "Segunda persona"];
pub(super) const ENDORSED: Texts = ["Endorsed by", "Vahvistanut", "Confirmado por", "Confirmado por"];
pub(super) const ISSUED: Texts = ["Issued", "Annettu", "Emitido", "Emitido"];
pub(super) const VALID_UNTIL: Texts = ["Valid until", "Voimassa", "Válido até", "Válido hasta"];
pub(super) const CONFIRM_BY: Texts =
    ["To be in the register by", "Rekisterissä viimeistään", "A constar do registo até", "En el registro antes del"];
pub(super) const CODE: Texts = ["Certificate", "Todistus", "Certificado", "Certificado"];
pub(super) const LIMITS: Texts = ["Limits", "Rajat", "Limites", "Límites"];
pub(super) const NO_PERMISSION: Texts = [
    "Shows what was assessed. Does not authorise work; the employer does.",
    "Näyttää, mitä arvioitiin. Ei anna lupaa työhön; sen antaa työnantaja.",
    "Mostra o que foi avaliado. Não autoriza o trabalho; quem autoriza é o empregador.",
    "Muestra lo que se evaluó. No autoriza el trabajo; lo autoriza la empresa.",
];
pub(super) const RESULT: Texts = ["Result", "Tulos", "Resultado", "Resultado"];
pub(super) const CANDIDATE: Texts = ["Candidate", "Arvioitava", "Candidato", "Candidato"];
pub(super) const SEALED: Texts = ["Sealed", "Sinetöity", "Selado", "Sellado"];
pub(super) const CORRECTS: Texts = [
    "Corrects an earlier record",
    "Korjaa aiemman asiakirjan",
    "Corrige um registo anterior",
    "Corrige un expediente anterior",
];
pub(super) const PLACE: Texts = [
    "Place in the assessor's chain",
    "Paikka arvioijan ketjussa",
    "Lugar na cadeia do avaliador",
    "Lugar en la cadena del evaluador",
];
pub(super) const PICTURES: Texts =
    ["Photos and files", "Kuvia ja tiedostoja", "Fotografias e ficheiros", "Fotos y archivos"];

pub(super) const KEY_LIST: Texts = [
    "Key list no. {keys} of {keys_of}",
    "Avainluettelo nro {keys}, {keys_of}",
    "Lista de chaves n.º {keys}, de {keys_of}",
    "Lista de claves n.º {keys}, de {keys_of}",
];
pub(super) const WITHDRAWN_LIST: Texts = [
    "List of what was withdrawn: {list}, {age} old",
    "Luettelo perutuista: {list}, ikä {age}",
    "Lista do que foi retirado: {list}, com {age}",
    "Lista de lo retirado: {list}, con {age}",
];
pub(super) const NO_LIST: Texts = [
    "List of what was withdrawn: not at hand",
    "Luettelo perutuista: ei saatavilla",
    "Lista do que foi retirado: não disponível",
    "Lista de lo retirado: no disponible",
];
pub(super) const ONE_DAY: Texts = ["1 day", "1 päivä", "1 dia", "1 día"];
pub(super) const DAYS: Texts = ["{n} days", "{n} päivää", "{n} dias", "{n} días"];

pub(super) const fn check(check: Check) -> Texts {
    match check {
        Check::Signature => ["Content", "Sisältö", "Conteúdo", "Contenido"],
        Check::Issuer => ["Institution's key", "Laitoksen avain", "Chave da instituição", "Clave de la institución"],
        Check::Delegation => {
            ["Permission to sign", "Lupa allekirjoittaa", "Autorização para assinar", "Autorización para firmar"]
        }
        Check::Content => ["Parts", "Osat", "Partes", "Partes"],
        Check::Withdrawal => ["Not withdrawn", "Ei peruttu", "Não retirado", "No retirado"],
        Check::Term => ["Days of validity", "Voimassaoloaika", "Prazo de validade", "Plazo de validez"],
        Check::Clock => ["Clock", "Kello", "Relógio", "Reloj"],
        Check::Standing => ["Register", "Rekisteri", "Registo", "Registro"],
        Check::List => {
            ["List of what was withdrawn", "Luettelo perutuista", "Lista do que foi retirado", "Lista de lo retirado"]
        }
    }
}

pub(super) const fn exercise_state(state: ExerciseState) -> Texts {
    match state {
        ExerciseState::Live => ["live", "jännitteinen", "em tensão", "en tensión"],
        ExerciseState::MadeDead => [
            "made dead in the exercise",
            "tehty jännitteettömäksi harjoituksessa",
            "colocado sem tensão no exercício",
            "dejado sin tensión en el ejercicio",
        ],
        ExerciseState::NeverEnergised => {
            ["never energised", "ei koskaan jännitteinen", "nunca em tensão", "nunca en tensión"]
        }
        ExerciseState::Simulated => ["simulated", "simuloitu", "simulado", "simulado"],
    }
}

pub(super) const fn voltage_kind(kind: VoltageKind) -> Texts {
    match kind {
        VoltageKind::Dc => ["V direct", "V tasajännite", "V contínua", "V continua"],
        VoltageKind::Ac => ["V alternating", "V vaihtojännite", "V alternada", "V alterna"],
    }
}

pub(super) const fn part_kind(kind: PartKind) -> Texts {
    match kind {
        PartKind::Knowledge => ["knowledge test", "tietokoe", "prova de conhecimentos", "prueba de conocimientos"],
        PartKind::Practical => ["practical", "käytännön koe", "prova prática", "prueba práctica"],
        PartKind::Oral => ["oral questions", "suullinen koe", "perguntas orais", "preguntas orales"],
        PartKind::Portfolio => ["prior learning", "aiempi osaaminen", "aprendizagem anterior", "aprendizaje previo"],
    }
}

pub(super) const fn outcome(outcome: Outcome) -> Texts {
    match outcome {
        Outcome::Pass => ["passed", "hyväksytty", "aprovado", "aprobado"],
        Outcome::Fail => ["not passed", "ei hyväksytty", "não aprovado", "no aprobado"],
        Outcome::Open => ["open", "avoin", "em aberto", "abierto"],
        Outcome::NotCompleted => ["not completed", "ei suoritettu loppuun", "não concluído", "no terminado"],
    }
}

pub(super) const fn role(role: Role) -> Texts {
    match role {
        Role::Assessor => ASSESSOR,
        Role::SecondAssessor => ["Second assessor", "Toinen arvioija", "Segundo avaliador", "Segundo evaluador"],
        Role::Trainer => ["Trainer", "Kouluttaja", "Formador", "Formador"],
        Role::Moderator => ["Moderator", "Moderoija", "Moderador", "Moderador"],
        Role::SecondPerson => SECOND_PERSON,
    }
}

/// A part's name in the format, as people call it.
pub(super) fn part_name(name: &str) -> Option<Texts> {
    Some(match name {
        "person" => ["person", "henkilö", "pessoa", "persona"],
        "log" => ["log", "loki", "diário", "registro de lo visto"],
        "people" => ["people", "ihmiset", "pessoas", "personas"],
        "gate" => ["gate", "alkuehdot", "condições iniciais", "condiciones iniciales"],
        "decision" => ["decision", "päätös", "decisão", "decisión"],
        "acknowledgements" => ["acknowledgements", "kuittaukset", "tomadas de conhecimento", "conformidades"],
        "scheme" => ["scheme", "ohjelma", "programa", "programa"],
        "course" => ["course", "kurssi", "curso", "curso"],
        "location" => ["location", "paikka", "local", "lugar"],
        _ => return None,
    })
}
