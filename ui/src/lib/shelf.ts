// What of the shelf somebody still has to see to.
import type { ShelvedView } from "./host";

/** Whether a paper is out that the register does not confirm. */
export const isOut = (row: ShelvedView) => row.paper === "printed" && row.backAt === null;

/** What was refused is done with once no paper is out and it is corrected, or its paper is back and nothing can be mended; what is missing once it is there. */
export const isSettled = (row: ShelvedView) => row.kind === "refused" && !isOut(row) && (row.corrected || (row.backAt !== null && !row.mendable));

/** Whether somebody has to do something now. */
export const needsSomebody = (row: ShelvedView) => row.kind !== "on_its_way" && !isSettled(row);
