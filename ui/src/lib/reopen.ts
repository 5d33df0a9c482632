// Which session somebody goes straight back to when they come in: the one they were at.
import type { SessionRowView } from "./host";

/** Whether an exercise is under way, stopped or not. */
export const isRunning = (phase: SessionRowView["phase"]): boolean => phase === "exercise" || phase === "stopped";

const isOver = ({ phase }: SessionRowView): boolean => phase === "sealed" || phase === "abandoned";

/** Of several touched at the same moment the first. */
function touchedLast(rows: SessionRowView[]): SessionRowView | undefined {
  return rows.reduce<SessionRowView | undefined>((last, row) => (last === undefined || row.touchedAt > last.touchedAt ? row : last), undefined);
}

/**
 * The session that somebody was at when they locked the window, in whatever phase it is; none where they were at none. Where
 * nobody knows, the one touched last. Where that one is over, an exercise that still runs. Of a team the one who works: what
 * concerns both touches both.
 */
export function toReopen(rows: SessionRowView[], left?: string | null): string | null {
  if (left === null) return null;
  const last = rows.find((row) => row.id === left) ?? touchedLast(rows);
  const back = last !== undefined && !isOver(last) ? last : touchedLast(rows.filter((row) => isRunning(row.phase)));
  if (back === undefined) return null;
  const partner = rows.find((row) => row.id === back.partnerId);
  const works = partner !== undefined && back.standsBy && (partner.phase === "gate" || isRunning(partner.phase));
  return works ? partner.id : back.id;
}
