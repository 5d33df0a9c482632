// A decision plain enough for looking at the screen; the real rules live in Rust.
import type { CriterionView, JudgedLine, SessionView } from "../generated";

export function decided(session: SessionView): SessionView {
  const lines = session.scheme.parts.flatMap((part) => part.tasks.flatMap((task) => task.steps.flatMap((step) => step.criteria.map((one): JudgedLine => {
    const met = isMet(one);
    const excluded = one.score === "not_applicable";
    return {
      criterionId: one.id, task: task.title, text: one.text, critical: one.critical, score: one.score, judged: excluded ? "excluded" : met ? "met" : "not_met",
      because: excluded ? (one.reason ?? "") : met ? "Done as the scheme asks." : "Not seen to be done; what was not seen never counts as done.",
    };
  }))));
  const failed = lines.filter((line) => line.judged === "not_met");
  const critical = failed.filter((line) => line.critical);
  const ended = session.phase === "stopped";
  const passed = failed.length === 0 && !ended;
  return {
    ...session,
    phase: "decision",
    questions: session.waits.filter((wait) => wait.readyAt !== null && wait.readyAt > Date.now()).map((wait) => ({
      id: wait.id, rule: wait.label, text: "Between switching off and the first reading the taps leave less than 5 minutes.",
    })),
    decision: {
      result: ended ? "not_completed" : passed ? "pass" : "fail",
      summary: ended ? "The exercise was ended at a stop." : passed ? "Every criterion was met." : `${failed.length} criteria were not met, ${critical.length} of them critical.`,
      rules: [
        { text: "Every critical criterion is met", answer: critical.length === 0 ? "yes" : "no", because: critical.length === 0 ? "All of them." : `${critical.length} not met.` },
        { text: "The second person was present throughout", answer: session.secondPersonPresent ? "yes" : "no", because: "From the log." },
        { text: "The waiting time was kept", answer: "open", because: "The taps alone cannot tell." },
      ],
      lines, certificateAllowed: passed, whyNoCertificate: passed ? [] : ["A certificate is for a passed assessment; this one gets a result sheet."], confirmedAt: null, borderline: false,
      needsFeedback: !passed,
    },
  };
}

// Any answer will do here; what one is worth, the real rules say.
const isMet = (criterion: CriterionView) => criterion.answer !== null || criterion.score === "unaided" || criterion.score === "prompted";
