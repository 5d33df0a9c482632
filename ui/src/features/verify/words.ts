// What the screen says in four languages: the verify page's words, and those that only a window needs.
import { catalogue, codes, type Code } from "../../../verify/words";

const own = {
  en: {
    lead: "A certificate, its picture, or a record file. Works without a network and without unlocking.",
    drop: "Drop a PDF, a picture or a record file here", choose: "Choose a file", or: "or", paste: "Paste the text of the QR code",
    noFacts: "Nothing could be read from it.", back: "Back", verdictOn: (what: string) => `Verdict: ${what}`,
  },
  fi: {
    lead: "Todistus, sen kuva tai suoritustiedosto. Toimii ilman verkkoa ja avaamatta lukitusta.",
    drop: "Pudota tähän PDF, kuva tai suoritustiedosto", choose: "Valitse tiedosto", or: "tai", paste: "Liitä QR-koodin teksti",
    noFacts: "Siitä ei voitu lukea mitään.", back: "Takaisin", verdictOn: (what: string) => `Tulos: ${what}`,
  },
  pt: {
    lead: "Um certificado, a sua imagem ou um ficheiro de registo. Funciona sem rede e sem desbloquear.",
    drop: "Largue aqui um PDF, uma imagem ou um ficheiro de registo", choose: "Escolher um ficheiro", or: "ou", paste: "Cole o texto do código QR",
    noFacts: "Não foi possível ler nada.", back: "Voltar", verdictOn: (what: string) => `Resultado: ${what}`,
  },
  es: {
    lead: "Un certificado, su imagen o un archivo de registro. Funciona sin red y sin desbloquear.",
    drop: "Suelte aquí un PDF, una imagen o un archivo de registro", choose: "Elegir un archivo", or: "o", paste: "Pegue el texto del código QR",
    noFacts: "No se pudo leer nada.", back: "Volver", verdictOn: (what: string) => `Resultado: ${what}`,
  },
} satisfies Record<Code, object>;

export type { Code };

/** The languages in their own names. */
export const languages = codes.map((value) => ({ value, label: catalogue[value].name, lang: value }));

export function wordsIn(language: Code) {
  const { title, check, looking, answer, says, checks, limits, language: word } = catalogue[language];
  return { title, check, looking, says, checks, limits, language: word, answer: { yes: answer.yes, no: answer.no, could_not_tell: answer.unknown }, ...own[language] };
}

export type VerifyWords = ReturnType<typeof wordsIn>;
