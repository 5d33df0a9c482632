// Where a record is, in four languages. The window speaks English so far; the words of the others are here and checked.
import type { Code } from "../../verify/words";
import type { Place } from "./host";

type Numbered = (number: number | null, when: string | null) => string;
export type PlaceWords = Record<Exclude<Place, "in_register" | "held">, string> & { in_register: Numbered; held: Numbered; honest: Record<Place, string> };

const numbered = (word: string, sign: string): Numbered => (number, when) => `${word}${number === null ? "" : ` ${sign} ${number}`}${when === null ? "" : `, ${when}`}`;

export const places: Record<Code, PlaceWords> = {
  en: {
    on_this_laptop: "On this laptop", leaving: "Leaving", held: numbered("Held, not complete:", "no."), in_register: numbered("In register", "no."), refused: "Refused",
    honest: {
      on_this_laptop: "Not in the register yet. Kept on this laptop.", leaving: "On its way. Not in the register yet; kept on this laptop.",
      held: "The register has the record, and not all its photos and files. It counts as in the register once they are there.",
      in_register: "In the register. The register has signed for it.", refused: "The register refused it. Kept on this laptop, with the reason.",
    },
  },
  fi: {
    on_this_laptop: "Tällä kannettavalla", leaving: "Lähdössä", held: numbered("Vastaanotettu, vajaa:", "nro"), in_register: numbered("Rekisterissä", "nro"), refused: "Hylätty",
    honest: {
      on_this_laptop: "Ei vielä rekisterissä. Tallessa tällä kannettavalla.", leaving: "Matkalla. Ei vielä rekisterissä; tallessa tällä kannettavalla.",
      held: "Rekisterillä on tallenne, mutta ei kaikkia sen kuvia ja tiedostoja. Se on rekisterissä vasta, kun nekin ovat siellä.",
      in_register: "Rekisterissä. Rekisteri on allekirjoittanut kuittauksen.", refused: "Rekisteri hylkäsi sen. Tallessa tällä kannettavalla perusteluineen.",
    },
  },
  pt: {
    on_this_laptop: "Neste portátil", leaving: "A sair", held: numbered("Recebido, incompleto:", "n.º"), in_register: numbered("No registo", "n.º"), refused: "Recusado",
    honest: {
      on_this_laptop: "Ainda não está no registo. Guardado neste portátil.", leaving: "A caminho. Ainda não está no registo; guardado neste portátil.",
      held: "O registo tem o documento, mas não todas as fotografias e ficheiros. Só está no registo quando também lá estiverem.",
      in_register: "No registo. O registo assinou o recibo.", refused: "O registo recusou-o. Guardado neste portátil, com o motivo.",
    },
  },
  es: {
    on_this_laptop: "En este portátil", leaving: "Saliendo", held: numbered("Recibido, incompleto:", "n.º"), in_register: numbered("En el registro", "n.º"), refused: "Rechazado",
    honest: {
      on_this_laptop: "Aún no está en el registro. Guardado en este portátil.", leaving: "En camino. Aún no está en el registro; guardado en este portátil.",
      held: "El registro tiene el documento, pero no todas sus fotos y archivos. Está en el registro cuando también estén allí.",
      in_register: "En el registro. El registro ha firmado el recibo.", refused: "El registro lo rechazó. Guardado en este portátil, con el motivo.",
    },
  },
};

/** The word for where a record is, with its number and time in the register. */
export function placeWord(words: PlaceWords, place: Place, number: number | null, when: string | null): string {
  return place === "in_register" || place === "held" ? words[place](number, when) : words[place];
}
