// The row of a job while it runs: its stage, real steps or time, and Stop. It tells nothing that was not measured.
(() => {
  const ic = window.imagechat;
  const { el, say } = ic;

  ic.running = (card, halt) => {
    const stage = el("b", { class: "stage" }), bar = el("b", {}), facts = el("div", { class: "meta" });
    const stop = el("button", { type: "button", class: "button stop", text: say("chat.stop"), onclick: async () => {
      if (stop.ariaDisabled) return;
      stop.ariaDisabled = "true";
      if (!(await halt(card.job.id))) stop.ariaDisabled = null;
    } });
    const track = el("div", { class: "bar", hidden: true }, bar);
    const node = el("div", { class: "live" }, el("div", { class: "row" }, stage, stop), track, facts);
    const tell = (job = card.job) => {
      const [words, share, more] = progress(card, job);
      if (stage.textContent !== words) stage.textContent = words;
      track.hidden = share === null;
      bar.style.inlineSize = `${Math.round((share ?? 0) * 100)}%`;
      facts.replaceChildren(...more.map((text) => el("span", { text })));
    };
    return { node, tell };
  };

  function progress(card, job) {
    const stage = job.kind === "chat" && job.stage === "generating" ? "writing" : job.stage;
    if (job.status === "queued") return [say("stages.queued"), null, [job.ahead ? say("stages.ahead", { count: job.ahead }) : say("stages.next"),
      ...(job.expected ? [say("stages.takes", { expected: ic.number(Math.max(1, job.expected * Math.max(1, job.places.length))) })] : []), say("stages.outlives")]];
    if (job.held) return [job.held.text, null, [say("stages.again_in", { left: ic.number(Math.ceil(Math.max(0, job.held.left - (performance.now() - job.seen) / 1000))) }), say("stages.outlives")]];
    const facts = [], at = job.places.findIndex((place) => place.status === "running"), now = job.places[at];
    if (job.places.length > 1 && at >= 0) facts.push(say("stages.place", { n: at + 1, count: job.places.length }));
    if (now?.of) facts.push(say("stages.step", { step: Math.min(now.step + 1, now.of), of: now.of }) + (now.doing ? `: ${now.doing}` : ""));
    const took = job.elapsed + (performance.now() - job.seen) / 1000;
    const whole = job.expected ? job.expected * rounds(card, job) : null;
    if (whole && job.kind === "image" && took < whole + 1) facts.push(say("stages.time", { took: ic.number(took), expected: ic.number(Math.max(1, whole)) }));
    else facts.push(say("stages.elapsed", { took: ic.number(took) }));
    facts.push(say("stages.outlives"));
    return [say(`stages.${stage}`), share(job), facts];
  }
  /** The share of the real steps that were taken, over all places; null where the model reports none. */
  function share(job) {
    const of = Math.max(...job.places.map((place) => place.of), 0);
    if (!of) return null;
    return job.places.reduce((sum, place) => sum + (["done", "failed"].includes(place.status) ? 1 : place.step / of), 0) / job.places.length;
  }
  /** How many pictures come one after the other: those that are made side by side take the time of one. */
  function rounds(card, job) {
    card.abreast = Math.max(card.abreast ?? 1, job.places.filter((place) => place.status === "running").length);
    return Math.ceil(Math.max(1, job.places.length) / card.abreast);
  }
})();
