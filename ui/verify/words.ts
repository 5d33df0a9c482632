// Every word the page says by itself, in four languages. What is said about a document comes from Rust.
import type { Answer, Offer, Problem } from "./checker";

export type Code = "en" | "fi" | "pt" | "es";
export type Sentences = { what: string; next: string };
export type Words = {
  name: string;
  language: string;
  title: string;
  lead: string;
  paste: string;
  check: string;
  file: string;
  fileHint: string;
  private: string;
  looking: string;
  answer: Record<Answer, string>;
  says: string;
  claims: string;
  identity: string;
  born: string;
  checks: string;
  lists: string;
  absent: string;
  limits: string;
  address: (named: string, own: string) => string;
  again: string;
  print: string;
  none: Sentences;
  load: string;
  listOf: (day: string, days: number) => string;
  noList: string;
  problem: Record<Problem, Sentences>;
  offer: Record<Offer, string>;
};

const en: Words = {
  name: "English",
  language: "Language",
  title: "Check a certificate",
  lead: "Scan the code on the paper with the phone's camera: it opens this page with the answer. Or paste the link here.",
  paste: "Link or digits from the code",
  check: "Check",
  file: "Open a file",
  fileHint: "A record file, a text with the link, or a newer list from the institution.",
  private: "Checked on this device. Nothing about a certificate is sent anywhere.",
  looking: "Checking …",
  answer: { yes: "Yes", no: "No", unknown: "Could not tell" },
  says: "What it says",
  claims: "What it claims, not confirmed",
  identity: "Compare with an identity document",
  born: "born",
  checks: "Each check",
  lists: "How old the lists are",
  absent: "Not at hand",
  limits: "Shows what was assessed. Does not authorise work; the employer does.",
  address: (named, own) =>
    `The link names ${named}. The institution whose keys this page holds is at ${own}. The answer above rests on the keys, not on the address.`,
  again: "Check another",
  print: "Print",
  none: {
    what: "This page holds no institution yet.",
    next: "Without its keys the most that can be said is “could not tell”. Load the trust file that the institution gave you.",
  },
  load: "Load a trust file",
  listOf: (day, days) => `List of withdrawn certificates: of ${day}, ${days <= 0 ? "from today" : days === 1 ? "1 day old" : `${days} days old`}.`,
  noList: "No list of withdrawn certificates is at hand.",
  problem: {
    not_ours: { what: "This is not a Fieldproof certificate.", next: "Scan the square code on the paper again, or paste the whole link." },
    damaged: { what: "Part of this is missing or damaged, so nothing can be told.", next: "Scan the code again in good light, or paste the whole link, down to its last digit." },
    newer_page: { what: "This was made for a newer version of this page, so nothing can be told.", next: "Open the institution's page again with a network, or ask for a newer file." },
    too_large: { what: "This file is larger than a record can be.", next: "Choose the record file, not an archive that holds it." },
    picture: { what: "This page does not read pictures or PDFs.", next: "Scan the code on the paper with the phone's camera, or open the picture in the Fieldproof app." },
    stopped: { what: "The check stopped before it had an answer, so nothing can be told.", next: "Load the page again. If it stops again, use another device." },
  },
  offer: {
    newer: "Loaded.",
    same: "The page already holds this list.",
    older: "This list is older than the one the page holds. Nothing was changed.",
    other_institution: "This trust file is another institution's. Nothing was changed.",
    not_genuine: "This trust file does not hold together. Nothing was changed.",
  },
};

const fi: Words = {
  name: "Suomi",
  language: "Kieli",
  title: "Tarkista todistus",
  lead: "Lue paperin koodi puhelimen kameralla: se avaa tämän sivun ja vastauksen. Tai liitä linkki tähän.",
  paste: "Koodin linkki tai numerot",
  check: "Tarkista",
  file: "Avaa tiedosto",
  fileHint: "Suoritustiedosto, linkin sisältävä teksti tai laitoksen uudempi luettelo.",
  private: "Tarkistetaan tällä laitteella. Todistuksesta ei lähetetä mitään minnekään.",
  looking: "Tarkistetaan …",
  answer: { yes: "Kyllä", no: "Ei", unknown: "Ei voitu todeta" },
  says: "Mitä se sanoo",
  claims: "Mitä se väittää, vahvistamatta",
  identity: "Vertaa henkilöllisyystodistukseen",
  born: "syntynyt",
  checks: "Jokainen tarkistus",
  lists: "Luetteloiden ikä",
  absent: "Ei saatavilla",
  limits: "Näyttää, mitä arvioitiin. Ei anna lupaa työhön; sen antaa työnantaja.",
  address: (named, own) =>
    `Linkissä on osoite ${named}. Laitos, jonka avaimet tällä sivulla on, on osoitteessa ${own}. Vastaus perustuu avaimiin, ei osoitteeseen.`,
  again: "Tarkista toinen",
  print: "Tulosta",
  none: {
    what: "Tällä sivulla ei ole vielä minkään laitoksen avaimia.",
    next: "Ilman niitä vastaus on enintään ”ei voitu todeta”. Avaa laitokselta saamasi luottamustiedosto.",
  },
  load: "Avaa luottamustiedosto",
  listOf: (day, days) => `Peruutettujen todistusten luettelo: ${day}, ${days <= 0 ? "tältä päivältä" : days === 1 ? "1 päivän vanha" : `${days} päivää vanha`}.`,
  noList: "Peruutettujen todistusten luetteloa ei ole saatavilla.",
  problem: {
    not_ours: { what: "Tämä ei ole Fieldproof-todistus.", next: "Lue paperin neliökoodi uudelleen tai liitä koko linkki." },
    damaged: { what: "Osa puuttuu tai on vaurioitunut, joten mitään ei voida todeta.", next: "Lue koodi uudelleen hyvässä valossa tai liitä koko linkki viimeiseen numeroon asti." },
    newer_page: { what: "Tämä on tehty sivun uudemmalle versiolle, joten mitään ei voida todeta.", next: "Avaa laitoksen sivu uudelleen verkossa tai pyydä uudempi tiedosto." },
    too_large: { what: "Tiedosto on suurempi kuin suoritustiedosto voi olla.", next: "Valitse itse suoritustiedosto, ei pakettia, jossa se on." },
    picture: { what: "Tämä sivu ei lue kuvia eikä PDF-tiedostoja.", next: "Lue paperin koodi puhelimen kameralla tai avaa kuva Fieldproof-sovelluksessa." },
    stopped: { what: "Tarkistus pysähtyi ennen vastausta, joten mitään ei voida todeta.", next: "Lataa sivu uudelleen. Jos se pysähtyy taas, käytä toista laitetta." },
  },
  offer: {
    newer: "Avattu.",
    same: "Sivulla on jo tämä luettelo.",
    older: "Tämä luettelo on vanhempi kuin sivulla oleva. Mitään ei muutettu.",
    other_institution: "Tämä luottamustiedosto on toisen laitoksen. Mitään ei muutettu.",
    not_genuine: "Tämä luottamustiedosto ei ole ehjä. Mitään ei muutettu.",
  },
};

const pt: Words = {
  name: "Português",
  language: "Idioma",
  title: "Verificar um certificado",
  lead: "Leia o código do papel com a câmara do telemóvel: abre esta página com a resposta. Ou cole aqui a ligação.",
  paste: "Ligação ou algarismos do código",
  check: "Verificar",
  file: "Abrir um ficheiro",
  fileHint: "Um ficheiro de registo, um texto com a ligação ou uma lista mais recente da instituição.",
  private: "Verificado neste dispositivo. Nada sobre um certificado é enviado.",
  looking: "A verificar …",
  answer: { yes: "Sim", no: "Não", unknown: "Não foi possível saber" },
  says: "O que diz",
  claims: "O que afirma, sem confirmação",
  identity: "Compare com um documento de identificação",
  born: "nasc.",
  checks: "Cada verificação",
  lists: "Idade das listas",
  absent: "Não disponível",
  limits: "Mostra o que foi avaliado. Não autoriza o trabalho; quem autoriza é o empregador.",
  address: (named, own) =>
    `A ligação indica ${named}. A instituição cujas chaves esta página contém está em ${own}. A resposta acima assenta nas chaves, não no endereço.`,
  again: "Verificar outro",
  print: "Imprimir",
  none: {
    what: "Esta página ainda não contém nenhuma instituição.",
    next: "Sem as chaves dela, o máximo que se pode dizer é «não foi possível saber». Carregue o ficheiro de confiança que a instituição lhe deu.",
  },
  load: "Carregar um ficheiro de confiança",
  listOf: (day, days) => `Lista de certificados retirados: de ${day}, ${days <= 0 ? "de hoje" : days === 1 ? "com 1 dia" : `com ${days} dias`}.`,
  noList: "Não há nenhuma lista de certificados retirados.",
  problem: {
    not_ours: { what: "Isto não é um certificado Fieldproof.", next: "Leia de novo o código quadrado do papel ou cole a ligação inteira." },
    damaged: { what: "Falta uma parte ou está danificada, por isso nada se pode dizer.", next: "Leia de novo o código com boa luz ou cole a ligação inteira, até ao último algarismo." },
    newer_page: { what: "Isto foi feito para uma versão mais recente desta página, por isso nada se pode dizer.", next: "Abra de novo a página da instituição com rede ou peça um ficheiro mais recente." },
    too_large: { what: "Este ficheiro é maior do que um registo pode ser.", next: "Escolha o próprio ficheiro de registo, não um arquivo que o contenha." },
    picture: { what: "Esta página não lê imagens nem PDF.", next: "Leia o código do papel com a câmara do telemóvel ou abra a imagem na aplicação Fieldproof." },
    stopped: { what: "A verificação parou antes de ter resposta, por isso nada se pode dizer.", next: "Carregue a página de novo. Se voltar a parar, use outro dispositivo." },
  },
  offer: {
    newer: "Carregado.",
    same: "A página já contém esta lista.",
    older: "Esta lista é mais antiga do que a da página. Nada foi alterado.",
    other_institution: "Este ficheiro de confiança é de outra instituição. Nada foi alterado.",
    not_genuine: "Este ficheiro de confiança não está íntegro. Nada foi alterado.",
  },
};

const es: Words = {
  name: "Español",
  language: "Idioma",
  title: "Comprobar un certificado",
  lead: "Escanee el código del papel con la cámara del teléfono: abre esta página con la respuesta. O pegue aquí el enlace.",
  paste: "Enlace o dígitos del código",
  check: "Comprobar",
  file: "Abrir un archivo",
  fileHint: "Un archivo de registro, un texto con el enlace o una lista más reciente de la institución.",
  private: "Se comprueba en este dispositivo. No se envía nada sobre un certificado.",
  looking: "Comprobando …",
  answer: { yes: "Sí", no: "No", unknown: "No se pudo saber" },
  says: "Lo que dice",
  claims: "Lo que afirma, sin confirmar",
  identity: "Compare con un documento de identidad",
  born: "nac.",
  checks: "Cada comprobación",
  lists: "Antigüedad de las listas",
  absent: "No disponible",
  limits: "Muestra lo que se evaluó. No autoriza el trabajo; lo autoriza la empresa.",
  address: (named, own) =>
    `El enlace nombra ${named}. La institución cuyas claves contiene esta página está en ${own}. La respuesta de arriba se basa en las claves, no en la dirección.`,
  again: "Comprobar otro",
  print: "Imprimir",
  none: {
    what: "Esta página aún no contiene ninguna institución.",
    next: "Sin sus claves, lo más que se puede decir es «no se pudo saber». Cargue el archivo de confianza que le dio la institución.",
  },
  load: "Cargar un archivo de confianza",
  listOf: (day, days) => `Lista de certificados retirados: del ${day}, ${days <= 0 ? "de hoy" : days === 1 ? "de hace 1 día" : `de hace ${days} días`}.`,
  noList: "No hay ninguna lista de certificados retirados.",
  problem: {
    not_ours: { what: "Esto no es un certificado Fieldproof.", next: "Escanee de nuevo el código cuadrado del papel o pegue el enlace completo." },
    damaged: { what: "Falta una parte o está dañada, así que no se puede decir nada.", next: "Escanee de nuevo el código con buena luz o pegue el enlace completo, hasta el último dígito." },
    newer_page: { what: "Esto se hizo para una versión más reciente de esta página, así que no se puede decir nada.", next: "Abra de nuevo la página de la institución con red o pida un archivo más reciente." },
    too_large: { what: "Este archivo es mayor de lo que puede ser un registro.", next: "Elija el propio archivo de registro, no uno comprimido que lo contenga." },
    picture: { what: "Esta página no lee imágenes ni PDF.", next: "Escanee el código del papel con la cámara del teléfono o abra la imagen en la aplicación Fieldproof." },
    stopped: { what: "La comprobación se detuvo antes de tener respuesta, así que no se puede decir nada.", next: "Cargue la página de nuevo. Si vuelve a detenerse, use otro dispositivo." },
  },
  offer: {
    newer: "Cargado.",
    same: "La página ya contiene esta lista.",
    older: "Esta lista es más antigua que la de la página. No se cambió nada.",
    other_institution: "Este archivo de confianza es de otra institución. No se cambió nada.",
    not_genuine: "Este archivo de confianza no está íntegro. No se cambió nada.",
  },
};

export const catalogue: Record<Code, Words> = { en, fi, pt, es };
export const codes = Object.keys(catalogue) as Code[];

/** The language asked for in the address, or else the first of the reader's that the page speaks. */
export function choose(asked: string | null, preferred: readonly string[]): Code {
  const wanted = [asked ?? "", ...preferred].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.map((tag) => codes.find((code) => code === tag)).find((code) => code !== undefined) ?? "en";
}
